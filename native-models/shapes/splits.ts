import { Random, type Range } from '../motions/random.ts';
import { shapeClasses } from './classes.ts';

/** Training, validation, test. No two splits share a background, a surface or an outline. */
export const shapeSplits = ['train', 'val', 'test'] as const;

export type ShapeSplit = (typeof shapeSplits)[number];

/** From where a split draws. None of it knows of the class. */
export interface ShapeRanges {
  /** Added to an image's index for its background's seed; Motions has other ones. */
  readonly firstBackground: number;
  /** Share of the picture's pixels that the shape covers before anything hides a part of it. */
  readonly area: Range;
  /** How far it is turned, radians. */
  readonly turn: Range;
  /** Length of a shape to its width; 1 is the class's own. */
  readonly stretch: Range;
  /** How far its upper edge is moved against the lower one, of its side. */
  readonly shear: Range;
  /** How far its outline is bent, of its radius. */
  readonly bend: Range;
  /** How many pieces lie about, from and to. */
  readonly pieces: Range;
}

/** What is measured is held in: validation and test draw from the inside of what training sees. */
export const shapeRanges: Readonly<Record<ShapeSplit, ShapeRanges>> = {
  train: {
    firstBackground: 1 << 30,
    area: [0.05, 0.18],
    turn: [-0.6, 0.6],
    stretch: [0.78, 1.28],
    shear: [-0.22, 0.22],
    bend: [0, 0.07],
    pieces: [3, 11],
  },
  val: {
    firstBackground: (1 << 30) + (1 << 28),
    area: [0.055, 0.17],
    turn: [-0.52, 0.52],
    stretch: [0.82, 1.22],
    shear: [-0.18, 0.18],
    bend: [0.01, 0.06],
    pieces: [3, 10],
  },
  test: {
    firstBackground: (1 << 30) + (1 << 29),
    area: [0.056, 0.169],
    turn: [-0.51, 0.51],
    stretch: [0.83, 1.21],
    shear: [-0.17, 0.17],
    bend: [0.01, 0.06],
    pieces: [3, 10],
  },
};

/** What an image draws random numbers for; each has a stream of its own, so that none depends on how much another drew. */
const purposes = ['order', 'outline', 'place', 'surface', 'ground', 'pieces', 'bars', 'light', 'lens'] as const;

/** Keeps the streams of images apart from those of Motions. */
const shapeStream = 0x5a;

/** Random numbers for one purpose in one image, unrelated to those for any other purpose, image or split. */
export function imageRandom(split: ShapeSplit, index: number, purpose: (typeof purposes)[number]): Random {
  return new Random(shapeStream, shapeSplits.indexOf(split), index, purposes.indexOf(purpose));
}

/**
 * Class of image `index`: each run of as many images as there are classes has every class once, in an order of its own.
 */
export function imageLabel(split: ShapeSplit, index: number): number {
  const count = shapeClasses.length;
  return imageRandom(split, Math.floor(index / count), 'order').ordered(count, index % count);
}
