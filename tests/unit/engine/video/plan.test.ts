import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SpanOutsideVideoError } from '#contract/errors.ts';
import { frameIndices, planClips } from '#engine/video/plan.ts';
import sampling from '../../../fixtures/goldens/sampling.json' with { type: 'json' };

const K400 = { numFrames: 8, samplingRate: 32 };
const CLIP_SECONDS = (8 * 32) / 30;

function video(durationSeconds: number, framesPerSecond = 30) {
  return { path: '/video.mp4', durationSeconds, framesPerSecond };
}

describe('frameIndices', () => {
  test.each(sampling.clips)(
    'agrees with the published protocol: $presentedFrames frames at $framesPerSecond, view $viewIndex of $viewCount',
    (row) => {
      expect(frameIndices(row.presentedFrames, row.framesPerSecond, row, row.viewIndex, row.viewCount)).toEqual(
        row.frameIndices,
      );
    },
  );
});

describe('planClips', () => {
  test('the first clip looks at the frames of the published one-clip protocol', () => {
    for (const row of sampling.clips.filter(({ viewCount }) => viewCount === 1)) {
      const { presentedFrames, framesPerSecond } = row;
      const [clip] = planClips(video(presentedFrames / framesPerSecond, framesPerSecond), row);
      const onScreen = clip!.sampleSeconds.map((s) =>
        Math.min(Math.floor(s * framesPerSecond + 1e-6), presentedFrames - 1),
      );
      expect(onScreen).toEqual(row.frameIndices);
    }
  });

  test('a video not longer than a clip gives exactly one clip, which ends with the video', () => {
    expect(planClips(video(2), K400)).toMatchObject([{ index: 0, startSeconds: 0, endSeconds: 2 }]);
    expect(planClips(video(CLIP_SECONDS), K400)).toHaveLength(1);
  });

  test('clips follow back to back, and the last one counts when half of it lies inside', () => {
    expect(planClips(video(CLIP_SECONDS * 3), K400).map(({ startSeconds }) => startSeconds)).toEqual([
      0,
      CLIP_SECONDS,
      2 * CLIP_SECONDS,
    ]);
    expect(planClips(video(CLIP_SECONDS * 1.5), K400)).toHaveLength(2);
    expect(planClips(video(CLIP_SECONDS * 1.49), K400)).toHaveLength(1);
  });

  test('a shorter stride makes clips overlap', () => {
    const clips = planClips(video(20), { ...K400, strideSeconds: 2 });
    expect(clips.slice(0, 3).map(({ startSeconds }) => startSeconds)).toEqual([0, 2, 4]);
    expect(clips[1]!.sampleSeconds[0]).toBeLessThan(clips[0]!.sampleSeconds[7]!);
  });

  test('a span selects where clips start', () => {
    const clips = planClips(video(100), { ...K400, span: { startSeconds: 30, endSeconds: 50 } });
    expect(clips.map(({ startSeconds }) => startSeconds)).toEqual([30, 30 + CLIP_SECONDS]);
    expect(clips[0]!.sampleSeconds[0]).toBe(30);
  });

  test('a span outside the video is refused', () => {
    const span = { startSeconds: 12, endSeconds: 20 };
    expect(() => planClips(video(10), { ...K400, span })).toThrow(SpanOutsideVideoError);
    expect(() => planClips(video(100), { ...K400, span: { startSeconds: 5, endSeconds: 5 } })).toThrow(
      SpanOutsideVideoError,
    );
  });

  test('numbers that mean nothing are refused', () => {
    expect(() => planClips(video(10), { ...K400, strideSeconds: 0 })).toThrow(RangeError);
    expect(() => planClips(video(10, Number.NaN), K400)).toThrow(RangeError);
  });

  test('any plan covers the video in order, and every clip but the first has half of itself inside', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.04, max: 3000, noNaN: true }),
        fc.double({ min: 1, max: 120, noNaN: true }),
        fc.integer({ min: 1, max: 32 }),
        fc.integer({ min: 1, max: 64 }),
        fc.option(fc.double({ min: 0.5, max: 60, noNaN: true }), { nil: undefined }),
        (durationSeconds, framesPerSecond, numFrames, samplingRate, strideSeconds) => {
          const clips = planClips(video(durationSeconds, framesPerSecond), {
            numFrames,
            samplingRate,
            ...(strideSeconds === undefined ? {} : { strideSeconds }),
          });
          const clipSeconds = (numFrames * samplingRate) / 30;
          const slack = 0.2 / framesPerSecond;
          const stride = strideSeconds ?? clipSeconds;
          expect(clips.length).toBeGreaterThanOrEqual(1);
          // One clip more would have less than half of itself inside.
          if (durationSeconds > clipSeconds + slack) {
            expect(clips.length * stride).toBeGreaterThan(durationSeconds - clipSeconds / 2 - slack);
          }
          for (const [i, clip] of clips.entries()) {
            expect(clip.index).toBe(i);
            expect(clip.startSeconds).toBeCloseTo(i * stride, 6);
            if (i > 0) expect(clip.startSeconds + clipSeconds / 2).toBeLessThanOrEqual(durationSeconds + slack);
            expect(clip.endSeconds).toBeLessThanOrEqual(durationSeconds + slack);
          }
          for (const clip of [clips[0]!, clips.at(-1)!]) {
            expect(clip.sampleSeconds).toHaveLength(numFrames);
            expect(clip.sampleSeconds[0]).toBe(clip.startSeconds);
            expect(clip.sampleSeconds).toEqual(clip.sampleSeconds.toSorted((a, b) => a - b));
          }
        },
      ),
    );
  });
});
