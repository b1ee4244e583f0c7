import { expect, test } from 'vitest';
import { bestClasses } from '../../../../renderer/src/timeline/best-classes.ts';
import { lookOf } from '../../../../renderer/src/timeline/class-look.ts';

test('the first 28 classes all look different, and none is grey', () => {
  const looks = Array.from({ length: 28 }, (_, i) => lookOf(i));
  expect(new Set(looks.map(({ category, pattern }) => `${category} ${pattern}`)).size).toBe(28);
  expect(looks.every(({ category }) => category >= 1 && category <= 7)).toBe(true);
});

test('colour is never alone: classes of one colour differ in pattern and dash', () => {
  const sameColour = [0, 7, 14, 21].map(lookOf);
  expect(new Set(sameColour.map(({ category }) => category)).size).toBe(1);
  expect(new Set(sameColour.map(({ pattern }) => pattern)).size).toBe(4);
  expect(new Set(sameColour.map(({ dash }) => dash.join())).size).toBe(4);
});

test('the best classes of a video are those with the largest mean', () => {
  const clips = [Float32Array.of(0.1, 0.6, 0.3), Float32Array.of(0.1, 0.1, 0.8)].map((probabilities) => ({
    probabilities,
  }));
  expect(bestClasses(clips, 2)).toEqual([2, 1]);
  expect(bestClasses([], 2)).toEqual([]);
});
