import { describe, expect, it } from 'vitest';
import { clipRanges, clipStarts } from '#engine/training/clip-range.ts';
import type { CheckedVideo } from '#engine/training/training-video.ts';

/** Clips of 2 s. */
const TIMING = { numFrames: 4, samplingRate: 15 };

function video(durationSeconds: number, label: number | null): CheckedVideo {
  const info = { path: '/v.mp4', durationSeconds, framesPerSecond: 25 } as CheckedVideo['info'];
  return { index: 0, path: '/v.mp4', name: 'v.mp4', label, info };
}
const spans = (videos: CheckedVideo[]) =>
  clipRanges(videos, TIMING).map(({ earliestSeconds, latestSeconds }) => [earliestSeconds, latestSeconds]);

describe('where training clips begin', () => {
  it('is anywhere in a video with a label, which counts once', () => {
    expect(spans([video(10, 3)])).toEqual([[0, 8]]);
  });

  it('is once in every stretch as long as a clip of a video without', () => {
    expect(spans([video(7.5, null)])).toEqual([
      [0, 0.5],
      [2.5, 3],
      [5, 5.5],
    ]);
  });

  it('is the beginning of a video that is not longer than a clip', () => {
    expect(spans([video(2, null), video(0.4, null), video(1, 0)])).toEqual([
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
  });

  it('steps by an eighth of a clip at most, from the first moment to the last', () => {
    const startsOf = (latestSeconds: number) =>
      clipStarts({ video: video(9, null), earliestSeconds: 1, latestSeconds }, TIMING);
    expect(startsOf(1)).toEqual([1]);
    expect(startsOf(1.5)).toEqual([1, 1.25, 1.5]);
    expect(startsOf(1.6)).toHaveLength(4);
    expect(startsOf(1.6).at(-1)).toBeCloseTo(1.6);
  });
});
