import { expect, test } from 'vitest';
import { outlineOf } from '#contract/overlay/outline.ts';

const field = (kept: readonly number[]) => ({
  xs: [0, 10, 20, 30],
  ys: [0, 10, 20],
  scores: new Float32Array(6),
  kept: Float32Array.from(kept),
});

test('one patch has four sides', () => {
  expect(outlineOf(field([0, 1, 0, 0, 0, 0]))).toEqual([
    [10, 0, 20, 0],
    [10, 10, 20, 10],
    [10, 0, 10, 10],
    [20, 0, 20, 10],
  ]);
});

test('neighbours share an outline, in stretches as long as can be', () => {
  expect(outlineOf(field([1, 1, 0, 1, 1, 0]))).toEqual([
    [0, 0, 20, 0],
    [0, 20, 20, 20],
    [0, 0, 0, 20],
    [20, 0, 20, 20],
  ]);
});

test('corners that only touch are told apart', () => {
  const total = outlineOf(field([1, 0, 0, 0, 1, 0])).reduce((sum, [x0, y0, x1, y1]) => sum + x1 - x0 + y1 - y0, 0);
  expect(total).toBe(8 * 10);
});

test('where half of the patches are kept the place counts, where nothing is it does not', () => {
  expect(outlineOf(field([0.5, Number.NaN, 0, 0, 0, 0]))).toEqual(outlineOf(field([1, 0, 0, 0, 0, 0])));
  expect(outlineOf(field([1 / 3, 0, 0, 0, 0, 0]))).toEqual([]);
});
