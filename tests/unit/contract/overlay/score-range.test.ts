import { expect, test } from 'vitest';
import { scoreRange, shareOf } from '#contract/overlay/score-range.ts';

test('probabilities are measured from 0 to 1, whatever is there', () => {
  for (const selector of ['interpreter', 'full', 'random'] as const) {
    expect(scoreRange(selector, [Float32Array.of(0.25, 0.5)])).toEqual({ lowest: 0, highest: 1 });
  }
});

test('other scores are measured by what the clip has, over all its views', () => {
  expect(scoreRange('saliency', [Float32Array.of(2, 4), Float32Array.of(1, 3)])).toEqual({ lowest: 1, highest: 4 });
});

test('scores that are all the same, and no scores, leave a range that can be divided by', () => {
  for (const scores of [[Float32Array.of(2, 2)], []]) {
    const { lowest, highest } = scoreRange('frame-difference', scores);
    expect(highest).toBeGreaterThan(lowest);
  }
});

test('a share is where a score lies in between', () => {
  expect(shareOf(2, { lowest: 1, highest: 5 })).toBe(0.25);
});
