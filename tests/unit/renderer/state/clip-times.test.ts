import { describe, expect, test } from 'vitest';
import { planClips } from '#engine/video/plan.ts';
import { ClipTimes } from '../../../../renderer/src/state/clip-times.ts';

const timing = { numFrames: 8, samplingRate: 8 };
const video = { path: 'a.mp4', durationSeconds: 10, framesPerSecond: 30 };

describe.each([
  ['back to back', undefined, undefined],
  ['overlapping', 1, undefined],
  ['far apart', 4, undefined],
  ['in a part of the video', 1.5, { startSeconds: 2, endSeconds: 9 }],
])('clips %s', (_how, strideSeconds, span) => {
  const plan = planClips(video, {
    ...timing,
    ...(strideSeconds === undefined ? {} : { strideSeconds }),
    ...(span === undefined ? {} : { span }),
  });
  const times = new ClipTimes(
    { model: timing, settings: { strideSeconds: strideSeconds ?? 64 / 30 }, video, clips: plan.length },
    span?.startSeconds,
  );

  test('are when the engine plans them', () => {
    for (const { index, startSeconds, endSeconds } of plan) {
      expect(times.span(index).startSeconds).toBeCloseTo(startSeconds, 9);
      expect(times.span(index).endSeconds).toBeCloseTo(endSeconds, 9);
    }
  });

  test('the one at a moment holds it, and none has a nearer middle', () => {
    const length = 64 / 30;
    for (let seconds = 0; seconds < 10; seconds += 0.05) {
      const { index, isInside } = times.at(seconds)!;
      const { startSeconds, endSeconds } = times.span(index);
      const distance = (i: number) => Math.abs(times.span(i).startSeconds + length / 2 - seconds);
      for (let i = 0; i < times.count; i++) expect(distance(index)).toBeLessThanOrEqual(distance(i) + 1e-5);
      expect(isInside).toBe(seconds >= startSeconds - 1e-6 && seconds <= endSeconds + 1e-6);
    }
  });
});

test('a clip’s beginning belongs to it', () => {
  const times = new ClipTimes({ model: timing, settings: { strideSeconds: 64 / 30 }, video, clips: 5 });
  for (let i = 0; i < 5; i++) expect(times.at(times.span(i).startSeconds)).toEqual({ index: i, isInside: true });
});

test('without clips there is none', () => {
  expect(new ClipTimes({ model: timing, settings: { strideSeconds: 1 }, video, clips: 0 }).at(1)).toBeNull();
});
