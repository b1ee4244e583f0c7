import { backgroundFamily } from '../backgrounds/background.ts';
import type { Lens } from '../drawing/lens.ts';
import type { Light } from '../drawing/picture.ts';
import { clipRandom, type MotionSplit, splitRanges } from '../splits.ts';
import { type Framing, frameUp } from './framing.ts';
import { lensOf, lightOf } from './lighting.ts';
import { type Performance, performance } from './performance.ts';
import type { Projected } from './projection.ts';
import { stoolOf } from './stool.ts';
import { type Thing, thingsOf } from './things.ts';

/** All that a clip shows, as functions of time and free of any picture size. */
export interface Scene {
  readonly performance: Performance;
  readonly framing: Framing;
  readonly background: { readonly seed: number; readonly family: string };
  readonly things: readonly Thing[];
  readonly stool: Projected | null;
  readonly light: Light;
  /** How dark the figure's shadow is, 0–1. */
  readonly shadow: number;
  readonly lens: Lens;
}

/** The scene of clip `index` of `split`; index 0 to 2^28 - 1. */
export function sceneOf(split: MotionSplit, index: number): Scene {
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** 28) {
    throw new RangeError(`A clip's index is a whole number from 0 to 2^28 - 1, not ${index}.`);
  }
  const ranges = splitRanges[split];
  const performed = performance(split, index);
  const framing = frameUp(performed, ranges, clipRandom(split, index, 'framing'));
  const seed = ranges.firstBackground + index;
  const lightRandom = clipRandom(split, index, 'light');
  return {
    performance: performed,
    framing,
    background: { seed, family: backgroundFamily(seed) },
    things: thingsOf(clipRandom(split, index, 'things'), (seconds) =>
      framing.camera(seconds, performed.at(seconds).gone),
    ),
    stool: stoolOf(clipRandom(split, index, 'stool'), performed.heading, performed.elevation),
    light: lightOf(lightRandom),
    shadow: lightRandom.chance(0.75) ? lightRandom.between([0.15, 0.5]) : 0,
    lens: lensOf(clipRandom(split, index, 'lens')),
  };
}
