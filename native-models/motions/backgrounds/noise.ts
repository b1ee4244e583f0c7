import type { Random } from '../random.ts';
import type { Canvas } from './canvas.ts';

/** One layer of value noise: random numbers on a grid, joined smoothly. */
export interface Octave {
  /** Sides between grid points. */
  readonly across: number;
  readonly down: number;
  readonly amplitude: number;
}

/** The sum of `octaves` for every pixel, `[height, width]`; each layer within ± its amplitude. */
export function valueNoise(canvas: Canvas, random: Random, octaves: readonly Octave[]): Float32Array {
  const field = new Float32Array(canvas.width * canvas.height);
  for (const octave of octaves) addOctave(field, canvas, random, octave);
  return field;
}

/** Coarse to fine, each of `count` layers half as wide and about half as strong as the one before. */
export function octaves(cell: number, count: number, stretch = 1): Octave[] {
  const layers: Octave[] = [];
  for (let down = cell, amplitude = 0.55; layers.length < count; down /= 2, amplitude /= 1.9) {
    layers.push({ across: down * stretch, down, amplitude });
  }
  return layers;
}

function addOctave(field: Float32Array, canvas: Canvas, random: Random, octave: Octave): void {
  const { width, height, unit } = canvas;
  const [cellX, cellY] = [Math.max(1, octave.across * unit), Math.max(1, octave.down * unit)];
  const columns = Math.floor(width / cellX) + 2;
  const rows = Math.floor(height / cellY) + 2;
  const grid = Float32Array.from({ length: columns * rows }, () => octave.amplitude * (2 * random.next() - 1));
  const cell = new Int32Array(width);
  const weight = new Float32Array(width);
  for (let x = 0; x < width; x++) {
    cell[x] = Math.floor(x / cellX);
    weight[x] = smooth(x / cellX - Math.floor(x / cellX));
  }
  const line = new Float32Array(columns);
  for (let y = 0; y < height; y++) {
    const row = Math.floor(y / cellY);
    const t = smooth(y / cellY - row);
    for (let i = 0; i < columns; i++) {
      const above = grid[row * columns + i] ?? 0;
      line[i] = above + t * ((grid[(row + 1) * columns + i] ?? 0) - above);
    }
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const i = cell[x] ?? 0;
      const a = line[i] ?? 0;
      field[at] = (field[at] ?? 0) + a + (weight[x] ?? 0) * ((line[i + 1] ?? 0) - a);
    }
  }
}

const smooth = (t: number): number => t * t * (3 - 2 * t);
