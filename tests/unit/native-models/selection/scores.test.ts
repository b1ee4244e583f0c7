import { describe, expect, test } from 'vitest';
import { frameDifferenceScores } from '#native-models/selection/frame-difference-scores.ts';
import { randomScores } from '#native-models/selection/random-scores.ts';

describe('random scores', () => {
  test('repeat for the same seed and stream, and differ for others', () => {
    expect(randomScores(64, 7, 3)).toEqual(randomScores(64, 7, 3));
    expect(randomScores(64, 7, 3)).not.toEqual(randomScores(64, 8, 3));
    expect(randomScores(64, 7, 3)).not.toEqual(randomScores(64, 7, 4));
  });

  test('are uniform in [0, 1)', () => {
    const count = 100_000;
    const scores = randomScores(count, 1, 0);
    const bins = new Array<number>(10).fill(0);
    for (const score of scores) bins[Math.floor(score * 10)]! += 1;
    // Chi-squared with 9 degrees of freedom exceeds 27.9 once in a thousand.
    const expected = count / 10;
    const chiSquared = bins.reduce((sum, observed) => sum + (observed - expected) ** 2 / expected, 0);
    expect(chiSquared).toBeLessThan(27.9);
    expect(bins.reduce((sum, observed) => sum + observed, 0)).toBe(count);
  });

  test('do not go together in neighbouring streams', () => {
    const [a, b] = [randomScores(10_000, 1, 0), randomScores(10_000, 1, 1)];
    const covariance = a.reduce((sum, x, i) => sum + (x - 0.5) * (b[i]! - 0.5), 0) / a.length;
    expect(Math.abs(covariance * 12)).toBeLessThan(0.05);
  });
});

describe('frame difference', () => {
  const size = { frames: 3, side: 4, patchSize: 2 };
  /** `[3, 3, 4, 4]` with one function of channel, frame, y, x. */
  const view = (value: (channel: number, frame: number, y: number, x: number) => number) =>
    Float32Array.from({ length: 3 * 3 * 16 }, (_, i) =>
      value(Math.floor(i / 48), Math.floor(i / 16) % 3, Math.floor(i / 4) % 4, i % 4),
    );

  test('is the mean absolute difference over the patch and the channels', () => {
    // Patch 3 (lower right) changes by 1 in one channel at frame 1; by −2 in another at frame 2.
    const scores = frameDifferenceScores(
      view((channel, frame, y, x) => {
        if (y < 2 || x < 2) return 5;
        if (channel === 0) return frame >= 1 ? 1 : 0;
        return channel === 1 && frame === 2 ? -2 : 0;
      }),
      size,
    );
    const token = (patch: number, frame: number) => scores[patch * 3 + frame];
    expect(token(3, 1)).toBeCloseTo(1 / 3);
    expect(token(3, 2)).toBeCloseTo(2 / 3);
    for (const patch of [0, 1, 2]) expect([token(patch, 1), token(patch, 2)]).toEqual([0, 0]);
  });

  test('gives the first frame the largest score', () => {
    const scores = frameDifferenceScores(
      view((_c, frame) => frame * frame),
      size,
    );
    for (let patch = 0; patch < 4; patch++) expect(scores[patch * 3]).toBe(3);
  });
});
