import { type HeatMap, patchMap } from './heat-map.ts';

/**
 * Gradient × input (Shrikumar et al., *Not Just a Black Box*, 2016) by patches: of every pixel the sum over its channels,
 * without its sign, and of these the mean.
 *
 * @param gradient d logit / d pixel, `[3, side, side]` like `image`.
 */
export function gradientTimesInput(gradient: Float32Array, image: Float32Array, patchSize: number): HeatMap {
  const plane = image.length / 3;
  const side = Math.round(Math.sqrt(plane));
  const across = side / patchSize;
  const scores = new Float32Array(across * across);
  for (let pixel = 0; pixel < plane; pixel++) {
    let product = 0;
    for (let at = pixel; at < image.length; at += plane) product += (gradient[at] ?? 0) * (image[at] ?? 0);
    const patch = Math.floor(Math.floor(pixel / side) / patchSize) * across + Math.floor((pixel % side) / patchSize);
    scores[patch] = (scores[patch] ?? 0) + Math.abs(product) / (patchSize * patchSize);
  }
  return patchMap(scores);
}
