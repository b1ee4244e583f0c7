import { Random } from '../random.ts';
import type { Canvas } from './canvas.ts';
import { clutter, shelves } from './clutter.ts';
import { octaves, valueNoise } from './noise.ts';
import { forest, hall, meadow, room, street } from './places.ts';
import { bokeh, bricks, checker, clouds, type Family, gradient, plaid, stripes, water } from './textures.ts';

const families: Readonly<Record<string, Family>> = {
  gradient,
  clouds,
  stripes,
  plaid,
  checker,
  bricks,
  bokeh,
  water,
  room,
  hall,
  meadow,
  street,
  forest,
  clutter,
  shelves,
};

/** The kinds of background. */
export const backgroundFamilies: readonly string[] = Object.keys(families);

/** Keeps the streams of backgrounds apart from those of clips. */
const backgroundStream = 0xb6;

/** The kind of background `seed`. */
export function backgroundFamily(seed: number): string {
  return backgroundFamilies[new Random(backgroundStream, seed).below(backgroundFamilies.length)] ?? 'gradient';
}

/** What of a background the camera sees in the course of a clip, sides. */
export interface Extent {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Paints background `seed`.
 *
 * @param unit Pixels of a frame's side.
 * @param horizon Where a floor begins, in sides from the top of the frame.
 */
export function paintBackground(seed: number, extent: Extent, unit: number, horizon: number): Canvas {
  const width = Math.ceil((extent.right - extent.left) * unit) + 1;
  const height = Math.ceil((extent.bottom - extent.top) * unit) + 1;
  const pixels = new Uint8ClampedArray(width * height * 3);
  const canvas = { width, height, unit, left: extent.left, top: extent.top, pixels };
  const random = new Random(backgroundStream, seed, 1);
  families[backgroundFamily(seed)]?.(canvas, random, horizon);
  texture(canvas, random);
  return canvas;
}

/** Uneven light and the fine grain of real surfaces. */
function texture(canvas: Canvas, random: Random): void {
  const { pixels } = canvas;
  const light = valueNoise(canvas, random, octaves(0.9, 2));
  const uneven = random.between([0.05, 0.4]);
  const grain = random.between([0, 14]);
  const grains = Float32Array.from({ length: 1021 }, () => grain * (random.next() - 0.5));
  for (let pixel = 0, g = 0; pixel < light.length; pixel++) {
    const factor = 1 + uneven * (light[pixel] ?? 0);
    g = g === 1020 ? random.below(1021) : g + 1;
    const off = grains[g] ?? 0;
    pixels[3 * pixel] = (pixels[3 * pixel] ?? 0) * factor + off;
    pixels[3 * pixel + 1] = (pixels[3 * pixel + 1] ?? 0) * factor + off;
    pixels[3 * pixel + 2] = (pixels[3 * pixel + 2] ?? 0) * factor + off;
  }
}
