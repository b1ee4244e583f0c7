import { describe, expect, test } from 'vitest';
import { type PlacedScores, patchField } from '#contract/overlay/patch-field.ts';

const size = { imageSize: 4, patchSize: 2 };

/** A view of 2 × 2 patches and two frames: the score is `10·patch + frame`, and what is kept is given as `[patch, frame]`. */
function view(origin: readonly [number, number], kept: readonly (readonly [number, number])[]): PlacedScores {
  return {
    origin,
    frameSize: [9, 4],
    frameSeconds: [0, 1],
    scores: Float32Array.from({ length: 8 }, (_, token) => 10 * Math.floor(token / 2) + (token % 2)),
    kept: Uint32Array.from(kept, ([patch, frame]) => patch * 2 + frame),
  };
}

describe('the field of one view', () => {
  const one = view(
    [3, 0],
    [
      [0, 0],
      [3, 1],
    ],
  );

  test('has a cell for every patch, beginning at the crop’s corner', () => {
    const { xs, ys } = patchField([one], 0, size);
    expect(xs).toEqual([3, 5, 7]);
    expect(ys).toEqual([0, 2, 4]);
  });

  test('takes scores of one frame, row by row', () => {
    expect([...patchField([one], 0, size).scores]).toEqual([0, 10, 20, 30]);
    expect([...patchField([one], 1, size).scores]).toEqual([1, 11, 21, 31]);
  });

  test('says of each frame what is kept in it', () => {
    expect([...patchField([one], 0, size).kept]).toEqual([1, 0, 0, 0]);
    expect([...patchField([one], 1, size).kept]).toEqual([0, 0, 0, 1]);
  });
});

describe('the field of views that overlap', () => {
  // Patches of the left one begin at 0 and 2, those of the right one at 3 and 5.
  const field = patchField([view([0, 0], [[1, 0]]), view([3, 0], [])], 0, size);

  test('has the edges of both', () => {
    expect(field.xs).toEqual([0, 2, 3, 4, 5, 7]);
    expect(field.ys).toEqual([0, 2, 4]);
  });

  test('is the mean where both are, and one’s score where it is alone', () => {
    expect([...field.scores.subarray(0, 5)]).toEqual([0, 10, (10 + 0) / 2, 0, 10]);
    expect([...field.scores.subarray(5)]).toEqual([20, 30, (30 + 20) / 2, 20, 30]);
  });

  test('says which share of them keeps a place', () => {
    expect([...field.kept.subarray(0, 5)]).toEqual([0, 1, 0.5, 0, 0]);
  });
});

test('where views leave a gap, there is nothing', () => {
  const { xs, scores, kept } = patchField([view([0, 0], []), view([5, 0], [])], 0, size);
  expect(xs).toEqual([0, 2, 4, 5, 7, 9]);
  expect(scores[2]).toBeNaN();
  expect(kept[2]).toBeNaN();
});

test('no view gives no cell', () => {
  expect(patchField([], 0, size).scores).toHaveLength(0);
});
