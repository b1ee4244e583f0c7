import { paintBackground } from '../motions/backgrounds/background.ts';
import { octaves, valueNoise } from '../motions/backgrounds/noise.ts';
import { through } from '../motions/drawing/lens.ts';
import type { Random } from '../motions/random.ts';
import { lensOf } from '../motions/scene/lighting.ts';
import { shapeClasses } from './classes.ts';
import { type Coverage, coverageOf } from './drawing/coverage.ts';
import { meanColour, paintShadow, paintSurface, type Sheet, surfaceOf } from './drawing/surface.ts';
import { bent, placed } from './outlines/bend.ts';
import { outlineFamilies } from './outlines/families.ts';
import { areaOf, type Outline, reachOf } from './outlines/outline.ts';
import { barAcross, pieceOf } from './scene/pieces.ts';
import { imageLabel, imageRandom, type ShapeRanges, type ShapeSplit, shapeRanges } from './splits.ts';

export interface ShapeImageOptions {
  /** Pixels of a side. */
  readonly size: number;
}

export interface ShapeImage {
  /** `[size, size, 3]`, RGB, 0–255 sRGB. */
  readonly pixels: Uint8Array;
  /** `[size, size]`: 1 where more than half of a pixel shows the shape (not its shadow), else 0. */
  readonly mask: Uint8Array;
  /** Index into `shapeClasses`. */
  readonly label: number;
}

/** What to leave out of a picture, to see what it does. */
export interface ShapeLayers {
  readonly shape?: boolean;
  readonly bars?: boolean;
  readonly lens?: boolean;
}

/** The farthest corner of a shape is no farther from its middle, of the picture's side. */
const LARGEST_REACH = 0.34;
/** Levels by which the shape differs from what is behind it. */
const CONTRAST = 55;

/**
 * Draws image `index` of `split`: one shape among pieces of shapes. The same arguments give the same bytes on every
 * machine: all is made of integer and IEEE 754 arithmetic, and of square roots, which the standard rounds correctly as well.
 *
 * @throws RangeError for an index or a size that cannot be.
 */
export function shapeImage(
  split: ShapeSplit,
  index: number,
  { size }: ShapeImageOptions,
  layers: ShapeLayers = {},
): ShapeImage {
  if (!Number.isInteger(size) || size < 16) throw new RangeError(`An image has 16 pixels a side or more, not ${size}.`);
  const label = imageLabel(split, index);
  const ranges = shapeRanges[split];
  const random = (purpose: Parameters<typeof imageRandom>[2]) => imageRandom(split, index, purpose);
  const sheet = groundOf(random('ground'), ranges.firstBackground + index, size);
  const outline = targetOf(label, random('outline'), random('place'), ranges, size);
  scatter(sheet, random('pieces'), ranges);

  const covered = new Float32Array(size * size);
  if (layers.shape ?? true) {
    const coverage = coverageOf(outline, size);
    const { left, top, width, height } = coverage;
    const ground = meanColour(sheet, left, top, left + width, top + height);
    put(sheet, outline, coverage, random('surface'), ground);
    cover(covered, coverage, size, true);
  }
  if (layers.bars ?? true) {
    for (const { bar, random: own } of barsOf(random('bars'), size)) {
      const coverage = coverageOf(bar, size);
      paintSurface(sheet, coverage, surfaceOf(own, [128, 128, 128], 0));
      cover(covered, coverage, size, false);
    }
  }
  if (layers.lens ?? true) through(lensOf(random('lens')), size)(sheet.pixels, 0, 0);
  return {
    pixels: new Uint8Array(sheet.pixels),
    mask: Uint8Array.from(covered, (share) => (share > 0.5 ? 1 : 0)),
    label,
  };
}

/** The background, and the noise for what lies on it. */
function groundOf(random: Random, seed: number, size: number): Sheet {
  const side = { left: 0, top: 0, right: 1, bottom: 1 };
  const canvas = paintBackground(seed, side, size, random.between([0.4, 0.75]));
  const pixels = new Uint8ClampedArray(size * size * 3);
  for (let row = 0; row < size; row++) {
    const from = 3 * row * canvas.width;
    pixels.set(canvas.pixels.subarray(from, from + 3 * size), 3 * row * size);
  }
  const noise = valueNoise(
    { ...canvas, width: size, height: size, pixels },
    random,
    octaves(random.between([0.06, 0.16]), 2),
  );
  return { size, pixels, noise };
}

/** The outline of the shape, in pixels. */
function targetOf(label: number, random: Random, place: Random, ranges: ShapeRanges, size: number): Outline {
  const family = outlineFamilies[shapeClasses[label] ?? 'ring'];
  const outline = bent(family(random), random, ranges);
  const reach = reachOf(outline);
  const wanted = size * Math.sqrt(place.between(ranges.area) / areaOf(outline));
  const scale = Math.min(wanted, (LARGEST_REACH * size) / reach);
  const margin = 0.92 * reach * scale;
  const [x, y] = [place.between([margin, size - margin]), place.between([margin, size - margin])];
  return placed(outline, x, y, scale);
}

function scatter(sheet: Sheet, random: Random, ranges: ShapeRanges): void {
  const { size } = sheet;
  for (let count = Math.round(random.between(ranges.pieces)); count > 0; count--) {
    const [x, y] = [size * random.between([0.02, 0.98]), size * random.between([0.02, 0.98])];
    const radius = size * random.between([0.1, 0.27]);
    const outline = pieceOf(random, x, y, radius, ranges);
    const half = 0.5 * radius;
    put(sheet, outline, coverageOf(outline, size), random, meanColour(sheet, x - half, y - half, x + half, y + half));
  }
}

/** Puts something on the picture: its shadow, if it has one, and its surface. */
function put(
  sheet: Sheet,
  outline: Outline,
  coverage: Coverage,
  random: Random,
  ground: Parameters<typeof surfaceOf>[1],
): void {
  const { size } = sheet;
  if (random.chance(0.4)) {
    const [x, y] = [size * random.between([-0.03, 0.03]), size * random.between([0, 0.04])];
    paintShadow(sheet, coverageOf(placed(outline, x, y, 1), size), random.between([0.15, 0.5]));
  }
  paintSurface(sheet, coverage, surfaceOf(random, ground, CONTRAST));
}

/** Now and then something narrow is in front of it all. */
function* barsOf(random: Random, size: number): Generator<{ readonly bar: Outline; readonly random: Random }> {
  const count = random.chance(0.35) ? 1 + random.below(2) : 0;
  for (let i = 0; i < count; i++) yield { bar: barAcross(random, size, size * random.between([0.02, 0.06])), random };
}

/** Lets `coverage` show the shape, or hide it. */
function cover(
  covered: Float32Array,
  { left, top, width, height, shares }: Coverage,
  size: number,
  shape: boolean,
): void {
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const pixel = (top + row) * size + left + column;
      const was = covered[pixel] ?? 0;
      covered[pixel] = was + (shares[at] ?? 0) * ((shape ? 1 : 0) - was);
    }
  }
}
