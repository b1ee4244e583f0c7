import { describe, expect, test } from 'vitest';
import type { ClipAtHand } from '../../../../../renderer/src/state/analysis.svelte.ts';
import { MeanAnswer, rankClip } from '../../../../../renderer/src/views/analyse/ranking.ts';

const labels = ['walk', 'run', 'jump'];

/** A clip of one or three views, given as `[centre, left, right]`, each a probability for every class. */
function clip(...views: readonly (readonly number[])[]): ClipAtHand {
  const crops = ['center', 'left', 'right'] as const;
  const result = { views: views.map((_, i) => ({ crop: crops[i] })) };
  return { scores: {}, result: result as never, probabilities: Float32Array.from(views.flat()) };
}

test('classes are ranked by the mean of the crops, with the centre’s own answer beside it', () => {
  const classes = rankClip(clip([0.5, 0.25, 0.25], [0, 1, 0], [0, 0.5, 0.5]), 2, labels);
  expect(classes.map(({ label }) => label)).toEqual(['run', 'jump']);
  expect(classes[0]?.threeClip).toBeCloseTo(1.75 / 3, 6);
  expect(classes[0]?.oneClip).toBe(0.25);
});

test('with one view there is one answer', () => {
  expect(rankClip(clip([0.25, 0.75, 0]), 1, labels)).toEqual([
    { index: 1, label: 'run', oneClip: 0.75, threeClip: null },
  ]);
});

test('nothing is said of a clip without a result', () => {
  expect(rankClip({ scores: {}, result: null, probabilities: null }, 3, labels)).toEqual([]);
  expect(rankClip(null, 3, labels)).toEqual([]);
});

describe('the answer for the whole video', () => {
  const a = clip([1, 0, 0], [1, 0, 0], [1, 0, 0]);
  const b = clip([0, 0.5, 0.5], [0, 1, 0], [0, 1, 0]);

  test('is the mean over clips, however they come', () => {
    const mean = new MeanAnswer();
    mean.update([undefined, a]);
    mean.update([b, a]);
    expect(mean.count).toBe(2);
    const [first, second] = mean.rank(2, labels);
    expect(first).toEqual({ index: 0, label: 'walk', oneClip: 0.5, threeClip: 0.5 });
    expect(second?.oneClip).toBeCloseTo(0.25, 6);
    expect(second?.threeClip).toBeCloseTo((0.5 + 1 + 1) / 3 / 2, 6);
  });

  test('lets go of clips that were replaced, and of another model’s', () => {
    const mean = new MeanAnswer();
    mean.update([a, b]);
    mean.update([b]);
    expect(mean.rank(1, labels)[0]?.label).toBe('run');
    mean.update([clip([0, 1])]);
    expect(mean.count).toBe(1);
    expect(mean.rank(2, labels)).toEqual([
      { index: 1, label: 'run', oneClip: 1, threeClip: null },
      { index: 0, label: 'walk', oneClip: 0, threeClip: null },
    ]);
  });

  test('is nothing before the first clip', () => {
    expect(new MeanAnswer().rank(3, labels)).toEqual([]);
  });
});
