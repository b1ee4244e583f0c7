import { motionClasses } from './classes.ts';
import { Random, type Range } from './random.ts';

/** Training, validation, test. No two splits share a person, a background or a clip. */
export const motionSplits = ['train', 'val', 'test'] as const;

export type MotionSplit = (typeof motionSplits)[number];

/** From where a split draws. None of it knows of the class. */
export interface SplitRanges {
  /** First identity and how many: an identity is one person's build and clothes. */
  readonly identities: { readonly first: number; readonly count: number };
  /** Added to a clip's index for its background's seed. */
  readonly firstBackground: number;
  /** How fast the action goes; 1 is usual. */
  readonly tempo: Range;
  /** How far its limbs swing; 1 is usual. */
  readonly amplitude: Range;
  /** Mean share of the picture's pixels that the figure covers. */
  readonly area: Range;
  /** Radians from which the camera looks down. */
  readonly elevation: Range;
  /** Standard deviation of a joint's angle from the action's own, radians. */
  readonly clumsiness: Range;
}

/** What is measured is held in: validation and test draw from the inside of what training sees. */
export const splitRanges: Readonly<Record<MotionSplit, SplitRanges>> = {
  train: {
    identities: { first: 0, count: 2000 },
    firstBackground: 0,
    tempo: [0.75, 1.25],
    amplitude: [0.78, 1.18],
    area: [0.055, 0.115],
    elevation: [0, 0.38],
    clumsiness: [0, 0.07],
  },
  val: {
    identities: { first: 2000, count: 200 },
    firstBackground: 1 << 28,
    tempo: [0.8, 1.2],
    amplitude: [0.83, 1.13],
    area: [0.06, 0.11],
    elevation: [0.03, 0.34],
    clumsiness: [0.01, 0.06],
  },
  test: {
    identities: { first: 2200, count: 200 },
    firstBackground: 1 << 29,
    tempo: [0.81, 1.19],
    amplitude: [0.84, 1.12],
    area: [0.061, 0.109],
    elevation: [0.03, 0.33],
    clumsiness: [0.01, 0.06],
  },
};

/** What a clip draws random numbers for; each has a stream of its own, so that none depends on how much another drew. */
const purposes = ['order', 'performer', 'choreography', 'framing', 'things', 'stool', 'light', 'lens'] as const;

/** Random numbers for one purpose in one clip, unrelated to those for any other purpose, clip or split. */
export function clipRandom(split: MotionSplit, index: number, purpose: (typeof purposes)[number]): Random {
  return new Random(motionSplits.indexOf(split), index, purposes.indexOf(purpose));
}

/**
 * Class of clip `index`: each run of as many clips as there are classes has every class once, in an order of its own.
 */
export function clipLabel(split: MotionSplit, index: number): number {
  const count = motionClasses.length;
  return clipRandom(split, Math.floor(index / count), 'order').ordered(count, index % count);
}
