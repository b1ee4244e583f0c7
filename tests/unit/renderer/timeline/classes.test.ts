import { describe, expect, test } from 'vitest';
import { ClassSums } from '../../../../renderer/src/timeline/best-classes.ts';
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

describe('the best classes of a video', () => {
  const clips = [
    [0.1, 0.6, 0.3],
    [0.1, 0.1, 0.8],
    [0.9, 0.1, 0],
    [0.9, 0.1, 0],
  ].map((answer) => ({ probabilities: Float32Array.from(answer) }));

  test('are those with the largest mean', () => {
    expect(new ClassSums().best(clips.slice(0, 2), 2)).toEqual([2, 1]);
    expect(new ClassSums().best([], 2)).toEqual([]);
  });

  test('change as clips come and go', () => {
    const sums = new ClassSums();
    for (const shown of [clips.slice(0, 1), clips.slice(0, 2), clips, clips.slice(2), clips.slice(0, 1), []]) {
      expect(sums.best(shown, 3)).toEqual(new ClassSums().best(shown, 3));
    }
    expect(sums.best(clips, 1)).toEqual([0]);
  });

  test('are counted anew for another model', () => {
    const sums = new ClassSums();
    sums.best(clips, 1);
    expect(sums.best([{ probabilities: Float32Array.of(0.2, 0.8) }], 1)).toEqual([1]);
  });
});
