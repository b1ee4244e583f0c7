import { describe, expect, test } from 'vitest';
import type { Crop } from '#contract/analysis.ts';
import { type FinishedView, Tally } from '#engine/analysis/tally.ts';

const facts = { index: 0, startSeconds: 0, endSeconds: 1, frameIndices: [0], frameSeconds: [0] };

function view(crop: Crop, probabilities: readonly number[], keptTokens = 5): FinishedView {
  return {
    crop,
    origin: [0, 0],
    keptTokens,
    totalTokens: 10,
    gmacs: 2,
    gmacsFull: 4,
    probabilities: Float32Array.from(probabilities),
  };
}

describe('a clip of three views', () => {
  const tally = new Tally(['a', 'b'], 2);
  const { clip, probabilities } = tally.clip(facts, [
    view('center', [0.75, 0.25]),
    view('left', [0.125, 0.875]),
    view('right', [0, 1]),
  ]);

  test('lists the views from left to right', () => {
    expect(clip.views.map(({ crop }) => crop)).toEqual(['left', 'center', 'right']);
  });

  test('gives all probabilities in the order of the views', () => {
    expect(probabilities).toEqual(Float32Array.of(0.125, 0.875, 0.75, 0.25, 0, 1));
  });

  test('counts in another tally as it counted in this one', () => {
    const other = new Tally(['a', 'b'], 2);
    other.count(clip, probabilities, 4);
    expect(other.summary()).toEqual(tally.summary());
    expect(other.views).toBe(3);
  });

  test('takes the centre crop as one clip, and the mean of the three as three clips', () => {
    expect(clip.oneClip.top[0]).toMatchObject({ label: 'a', probability: 0.75 });
    expect(clip.threeClip?.top[0]?.label).toBe('b');
    expect(clip.threeClip?.top[0]?.probability).toBeCloseTo((0.25 + 0.875 + 1) / 3, 6);
  });

  test('says that the two disagree', () => {
    expect(clip.threeClip?.agrees).toBe(false);
  });
});

test('a clip of one view has no three-clip result', () => {
  const tally = new Tally(['a', 'b'], 2);
  expect(tally.clip(facts, [view('center', [1, 0])]).clip).not.toHaveProperty('threeClip');
  expect(tally.summary()).not.toHaveProperty('threeClip');
});

test('the summary averages over clips and adds up the cost', () => {
  const tally = new Tally(['a', 'b'], 1);
  tally.clip(facts, [view('center', [1, 0], 2)]);
  tally.clip({ ...facts, index: 1 }, [view('center', [0.5, 0.5], 8)]);
  expect(tally.summary()).toEqual({
    oneClip: { top: [{ index: 0, label: 'a', probability: 0.75 }] },
    keepRatio: 0.5,
    gmacs: 4,
    gmacsFull: 8,
  });
});
