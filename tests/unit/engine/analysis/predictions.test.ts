import { describe, expect, test } from 'vitest';
import { average, softmax, topPredictions } from '#engine/analysis/predictions.ts';

describe('softmax', () => {
  test('is e^x over its sum', () => {
    const sum = Math.E ** 1 + Math.E ** 2 + Math.E ** 3;
    const got = softmax(Float32Array.of(1, 2, 3));
    for (const [i, x] of [1, 2, 3].entries()) expect(got[i]).toBeCloseTo(Math.E ** x / sum, 6);
  });

  test('survives large logits', () => {
    expect([...softmax(Float32Array.of(1000, 1000, -1000))]).toEqual([0.5, 0.5, 0]);
  });
});

test('averages element by element', () => {
  expect([...average([Float32Array.of(1, 0), Float32Array.of(0, 0.5)])]).toEqual([0.5, 0.25]);
});

describe('top predictions', () => {
  test('come best first, with labels', () => {
    expect(topPredictions(Float32Array.of(0.25, 0.5, 0.125), ['a', 'b', 'c'], 2)).toEqual([
      { index: 1, label: 'b', probability: 0.5 },
      { index: 0, label: 'a', probability: 0.25 },
    ]);
  });

  test('are all classes when there are fewer than asked for', () => {
    expect(topPredictions(Float32Array.of(1), ['only'], 5)).toHaveLength(1);
  });
});
