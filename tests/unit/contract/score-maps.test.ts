import { expect, test } from 'vitest';
import { mapsOf, SCORE_MAPS } from '#contract/score-maps.ts';

test('every way to choose patches is a map, but for keeping all, and so is what passes through the whole model', () => {
  expect(SCORE_MAPS).toEqual(['interpreter', 'random', 'frame-difference', 'saliency', 'attention-rollout']);
});

test('a model without an interpreter has the other maps', () => {
  expect(mapsOf(['full', 'random', 'frame-difference', 'saliency'])).toEqual(SCORE_MAPS.slice(1));
  expect(mapsOf(['interpreter', 'full', 'random', 'frame-difference', 'saliency'])).toEqual(SCORE_MAPS);
});
