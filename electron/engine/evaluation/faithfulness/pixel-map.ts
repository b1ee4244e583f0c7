import type { HeatMap } from '#native-models/heat-maps/heat-map.ts';

/**
 * A score map in pixels, interpolated bilinearly between the centres of patches; towards the border it stays as it is.
 *
 * @param scores `[patches·frames]`, patch-major, of a square of patches.
 * @returns `[frames, side, side]`.
 */
export function pixelMap(scores: Float32Array, frames: number, side: number): Float32Array {
  const across = Math.round(Math.sqrt(scores.length / frames));
  if (across * across * frames !== scores.length) {
    throw new RangeError(`${scores.length} scores are no square of patches in ${frames} frames`);
  }
  const map = new Float32Array(frames * side * side);
  for (let frame = 0; frame < frames; frame++) {
    const ofFrame = Float32Array.from({ length: across * across }, (_, patch) => scores[patch * frames + frame] ?? 0);
    map.set(interpolated({ width: across, height: across, scores: ofFrame }, side, side), frame * side * side);
  }
  return map;
}

/**
 * A map in another size, interpolated bilinearly between the centres of its places; towards the border it stays as it is.
 *
 * @returns `[height, width]`.
 */
export function interpolated(map: HeatMap, width: number, height: number): Float32Array {
  const resized = new Float32Array(width * height);
  const columns = Array.from({ length: width }, (_, pixel) => neighbours(pixel, width, map.width));
  const score = (row: number, column: number) => map.scores[row * map.width + column] ?? 0;
  let at = 0;
  for (let pixel = 0; pixel < height; pixel++) {
    const y = neighbours(pixel, height, map.height);
    for (const x of columns) {
      const above = score(y.low, x.low) * (1 - x.share) + score(y.low, x.high) * x.share;
      const below = score(y.high, x.low) * (1 - x.share) + score(y.high, x.high) * x.share;
      resized[at++] = above * (1 - y.share) + below * y.share;
    }
  }
  return resized;
}

/** The two places whose centres a pixel's centre lies between, and how far it is towards the second, 0 … 1. */
function neighbours(pixel: number, pixels: number, places: number) {
  const place = Math.min(Math.max(((pixel + 0.5) * places) / pixels - 0.5, 0), places - 1);
  const low = Math.floor(place);
  return { low, high: Math.min(low + 1, places - 1), share: place - low };
}
