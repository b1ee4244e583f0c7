import { describe, expect, it } from 'vitest';
import { randomView, trainingShortSide } from '#engine/training/random-view.ts';
import { viewTensor } from '#engine/video/views.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';

const preprocessing = { mean: [0.1, 0.2, 0.3], std: [0.5, 0.25, 0.2] } as const;

/** Frames whose values are linear in place: bilinear interpolation is exact for them. */
function ramp(width: number, height: number, count = 2) {
  const frames = new Uint8Array(count * width * height * 3);
  for (let i = 0; i < frames.length; i++) {
    const [pixel, channel] = [Math.floor(i / 3), i % 3];
    const [x, y] = [pixel % width, Math.floor(pixel / width) % height];
    frames[i] = 3 * x + 2 * y + channel + 40 * Math.floor(pixel / (width * height));
  }
  return { width, height, frames };
}
const view = (stack: ReturnType<typeof ramp>, size: number, flip: boolean, seed: number) =>
  randomView(stack, { size, preprocessing, flip }, RandomStream.seeded(seed));

/** Ascending from left to right: not mirrored. */
const isMirrored = (tensor: Float32Array) => tensor[1]! < tensor[0]!;

describe('a training view', () => {
  it('of frames as large as itself is what an analysis sees', () => {
    const stack = ramp(12, 12);
    expect(view(stack, 12, false, 1)).toEqual(viewTensor(stack, [0, 0], 12, preprocessing));
  });

  it('is a square of the frames, scaled: on a ramp every pixel is where its centre lies', () => {
    const size = 8;
    const stack = ramp(20, 14);
    const sides = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const tensor = view(stack, size, false, seed);
      const value = (x: number, y: number) => (tensor[y * size + x]! * 0.5 + 0.1) * 255;
      // From the slope in the middle, where nothing is cut off at an edge, follows the square's side.
      const side = ((value(5, 4) - value(3, 4)) / 2 / 3) * size;
      sides.add(Math.round(side));
      expect(side).toBeCloseTo(Math.round(side), 3);
    }
    expect([...sides].sort((a, b) => a - b)).toEqual([8, 9, 10, 11, 12, 13, 14]);
  });

  it('is mirrored about every other time, or never', () => {
    const stack = ramp(10, 10);
    const count = (flip: boolean) =>
      Array.from({ length: 200 }, (_, seed) => isMirrored(view(stack, 8, flip, seed))).filter(Boolean).length;
    expect(count(false)).toBe(0);
    expect(Math.abs(count(true) - 100)).toBeLessThan(36);
  });

  it('treats all frames of a clip alike', () => {
    const stack = ramp(16, 11, 3);
    const tensor = view(stack, 8, true, 5);
    const plane = 8 * 8;
    for (let i = 0; i < plane; i++) {
      const [first, second, third] = [0, 1, 2].map((frame) => (tensor[frame * plane + i]! * 0.5 + 0.1) * 255);
      expect(second! - first!).toBeCloseTo(40, 3);
      expect(third! - second!).toBeCloseTo(40, 3);
    }
  });

  it('is cut out of frames a little higher than itself, as TimeSformer is trained', () => {
    expect(trainingShortSide(224)).toBe(256);
  });
});
