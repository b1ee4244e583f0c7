import { shareOf } from '#contract/overlay/score-range.ts';
import { viridis } from '#contract/overlay/viridis.ts';
import type { HeatMap } from '#native-models/heat-maps/heat-map.ts';
import { interpolated } from '../../evaluation/faithfulness/pixel-map.ts';
import type { Picture } from '../../images/picture.ts';

/** How much of the picture is gone below its map, 0 … 1. */
const OPACITY = 0.6;

/** A map over the picture that it is of: from the map's lowest score, violet, to its highest, yellow. */
export function mapPicture(picture: Picture, map: HeatMap): Picture {
  const { width, height } = picture;
  const scores = interpolated(map, width, height);
  const lowest = scores.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const highest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const range = highest > lowest ? { lowest, highest } : { lowest, highest: lowest + 1 };
  const colours = Array.from({ length: 256 }, (_, level) => viridis(level / 255));
  const pixels = new Uint8Array(picture.pixels.length);
  for (const [at, score] of scores.entries()) {
    for (const [channel, colour] of (colours[Math.round(255 * shareOf(score, range))] ?? [0, 0, 0]).entries()) {
      pixels[3 * at + channel] = Math.round((picture.pixels[3 * at + channel] ?? 0) * (1 - OPACITY) + colour * OPACITY);
    }
  }
  return { width, height, pixels };
}
