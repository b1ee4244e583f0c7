import type { Colour } from '../body/figure.ts';
import { Random } from '../random.ts';
import { blockTransformCoding } from './block-coding.ts';

/** What happens between a scene and its pixels. */
export interface Lens {
  /** How many times neighbouring pixels are mixed. */
  readonly blur: number;
  /** Step of the block coder at its lowest frequency, levels of 0–255; 0 leaves it out. */
  readonly quantizer: number;
  /** Peak of the sensor's noise, levels. */
  readonly noise: number;
  readonly contrast: number;
  readonly seed: number;
  /** Brightness of each channel, which may change with time. */
  gains(seconds: number): Colour;
}

/** Passes `[size, size, 3]` pixels of one frame through a lens, in place. */
export type PassThrough = (pixels: Uint8ClampedArray, frame: number, seconds: number) => void;

const grainCount = 4096;

/** `lens` for pictures of `size`×`size`. */
export function through(lens: Lens, size: number): PassThrough {
  const random = new Random(lens.seed);
  const grains = new Int8Array(grainCount);
  for (let i = 0; i < grainCount; i++) grains[i] = Math.round(lens.noise * (random.next() + random.next() - 1));
  const tables = [new Int16Array(256), new Int16Array(256), new Int16Array(256)] as const;
  return (pixels, frame, seconds) => {
    for (let pass = 0; pass < lens.blur; pass++) soften(pixels, size);
    const gains = lens.gains(seconds);
    for (const [c, table] of tables.entries()) fillTable(table, lens.contrast, gains[c] ?? 1);
    expose(pixels, size, tables, grains, new Random(lens.seed, frame));
    if (lens.quantizer > 0) blockTransformCoding(pixels, size, lens.quantizer);
  };
}

/** Each pixel becomes a mean of itself and the next ones, weights 1 2 1, across and then down. */
function soften(pixels: Uint8ClampedArray, size: number): void {
  const row = 3 * size;
  for (let y = 0; y < size; y++) {
    for (let c = 0; c < 3; c++) mixLine(pixels, y * row + c, 3, size);
  }
  for (let x = 0; x < row; x++) mixLine(pixels, x, row, size);
}

function mixLine(pixels: Uint8ClampedArray, start: number, step: number, count: number): void {
  let here = pixels[start] ?? 0;
  let before = here;
  const end = start + step * (count - 1);
  for (let at = start; at < end; at += step) {
    const after = pixels[at + step] ?? 0;
    pixels[at] = (before + 2 * here + after + 2) >> 2;
    before = here;
    here = after;
  }
  pixels[end] = (before + 3 * here + 2) >> 2;
}

function fillTable(table: Int16Array, contrast: number, gain: number): void {
  const dark = 128 * (1 - contrast);
  for (let level = 0; level < 256; level++) table[level] = Math.round(dark + contrast * gain * level);
}

type Tables = readonly [Int16Array, Int16Array, Int16Array];

function expose(pixels: Uint8ClampedArray, size: number, tables: Tables, grains: Int8Array, random: Random): void {
  const [red, green, blue] = tables;
  const row = 3 * size;
  for (let start = 0; start < pixels.length; start += row) {
    // Every row begins elsewhere, so that no pattern shows.
    let grain = random.below(grainCount);
    for (let at = start; at < start + row; at += 3) {
      pixels[at] = (red[pixels[at] ?? 0] ?? 0) + (grains[grain & (grainCount - 1)] ?? 0);
      pixels[at + 1] = (green[pixels[at + 1] ?? 0] ?? 0) + (grains[(grain + 1) & (grainCount - 1)] ?? 0);
      pixels[at + 2] = (blue[pixels[at + 2] ?? 0] ?? 0) + (grains[(grain + 2) & (grainCount - 1)] ?? 0);
      grain += 3;
    }
  }
}
