import type { HeatMap } from '#native-models/heat-maps/heat-map.ts';
import { interpolated } from '../../evaluation/faithfulness/pixel-map.ts';
import type { Picture } from '../../images/picture.ts';
import { jet } from './jet.ts';

/** Below it nothing is told apart. */
const LEAST_SCORE = 0.48;
const PICTURE_SHARE = 0.6;
const MAP_SHARE = 0.4;

/**
 * The picture that the published interpretation tool makes: what the model saw, under the scores of its second interpreter.
 * Scores below 0.48 are taken for 0.48; the rest is spread over 0–255, resized bilinearly, coloured with JET and mixed with the
 * picture, 0.4 to 0.6. Where all scores are equal, all of it is dark blue.
 *
 * @param picture What the model saw.
 * @param map The interpreter's scores.
 */
export function interpretResult(picture: Picture, map: HeatMap): Picture {
  const { width, height } = picture;
  const levels = interpolated({ ...map, scores: spread(map.scores) }, width, height);
  const pixels = new Uint8Array(picture.pixels.length);
  for (const [at, level] of levels.entries()) {
    for (const [channel, colour] of jet(Math.round(level)).entries()) {
      const mixed = PICTURE_SHARE * (picture.pixels[3 * at + channel] ?? 0) + MAP_SHARE * colour;
      pixels[3 * at + channel] = Math.round(mixed);
    }
  }
  return { width, height, pixels };
}

/** From the least to the largest score, 0–255, rounded down. */
function spread(scores: Float32Array): Float32Array {
  const clamped = scores.map((score) => Math.min(1, Math.max(LEAST_SCORE, score)));
  const least = clamped.reduce((a, b) => Math.min(a, b), 1);
  const range = clamped.reduce((a, b) => Math.max(a, b), 0) - least;
  return clamped.map((score) => (range > 0 ? Math.floor(Math.fround((score - least) / range) * 255) : 0));
}
