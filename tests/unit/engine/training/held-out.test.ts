import { describe, expect, it } from 'vitest';
import { DataSetInvalidError } from '#contract/errors.ts';
import { holdOut } from '#engine/training/held-out.ts';
import type { CheckedVideo } from '#engine/training/training-video.ts';

const videos = (count: number, labelOf: (i: number) => number | null): CheckedVideo[] =>
  Array.from({ length: count }, (_, index) => {
    const path = `/${index}.mp4`;
    return { index, path, name: path, label: labelOf(index), info: { path } as CheckedVideo['info'] };
  });

describe('holding videos out', () => {
  it('divides them into two parts without anything in common', () => {
    const all = videos(20, () => null);
    const { training, heldOut } = holdOut(all, 0.25, 3);
    expect(heldOut).toHaveLength(5);
    expect([...training, ...heldOut].map(({ index }) => index).sort((a, b) => a - b)).toEqual(
      all.map(({ index }) => index),
    );
  });

  it('is as even over the classes as can be', () => {
    const { heldOut } = holdOut(
      videos(30, (i) => i % 3),
      0.2,
      1,
    );
    const counts = [0, 1, 2].map((label) => heldOut.filter((video) => video.label === label).length);
    expect(counts).toEqual([2, 2, 2]);
  });

  it('is the same for the same seed, and another one for another', () => {
    const chosen = (seed: number) =>
      holdOut(
        videos(40, () => null),
        0.3,
        seed,
      ).heldOut.map(({ index }) => index);
    expect(chosen(1)).toEqual(chosen(1));
    expect(chosen(1)).not.toEqual(chosen(2));
  });

  it('always leaves one to learn from and one to judge by', () => {
    expect(
      holdOut(
        videos(2, () => null),
        0.001,
        1,
      ),
    ).toMatchObject({ training: [{}], heldOut: [{}] });
    expect(
      holdOut(
        videos(3, () => null),
        0.9,
        1,
      ).training,
    ).toHaveLength(1);
  });

  it.each([0, 1])('refuses %i videos', (count) => {
    expect(() =>
      holdOut(
        videos(count, () => null),
        0.2,
        1,
      ),
    ).toThrow(DataSetInvalidError);
  });
});
