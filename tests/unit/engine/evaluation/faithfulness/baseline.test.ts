import { describe, expect, test } from 'vitest';
import { baselineView, blurred } from '#engine/evaluation/faithfulness/baseline.ts';

describe('a view with everything removed', () => {
  const grid = { frames: 2, side: 8, patchSize: 4 };
  const size = 3 * 2 * 64;

  test('is the mean colour, 0 in normalised space', () => {
    expect(baselineView(new Float32Array(size).fill(0.7), 'zero', grid)).toEqual(new Float32Array(size));
  });

  test('is the view itself where it has no detail to blur', () => {
    const flat = Float32Array.from({ length: size }, (_, i) => Math.floor(i / 64));
    const view = baselineView(flat, 'blur', grid);
    for (const [i, value] of view.entries()) expect(value).toBeCloseTo(flat[i]!, 5);
  });
});

test('a point blurs to a Gaussian, in its own picture alone', () => {
  const [side, sigma] = [21, 2];
  const planes = new Float32Array(2 * side * side);
  planes[10 * side + 10] = 1;
  const result = blurred(planes, side, sigma);
  const weight = (distance: number) => Math.exp(-(distance ** 2) / (2 * sigma ** 2));
  const norm = Array.from({ length: 13 }, (_, i) => weight(i - 6)).reduce((sum, one) => sum + one, 0);
  for (const [x, y] of [
    [0, 0],
    [3, 0],
    [-2, 5],
  ] as const) {
    expect(result[(10 + y) * side + 10 + x]).toBeCloseTo((weight(x) * weight(y)) / norm ** 2, 7);
  }
  expect(result.subarray(side * side).every((value) => value === 0)).toBe(true);
});
