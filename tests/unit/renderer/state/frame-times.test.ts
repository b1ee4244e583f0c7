import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { frameAt, frameBeside, frameFrom, lastFrame } from '../../../../renderer/src/state/frame-times.ts';

const steady = { framesPerSecond: 25, constantRate: true, presentedFrames: 100, durationSeconds: 4 };
const varying = { ...steady, constantRate: false };

describe('where frames are as far apart as each other', () => {
  test('a moment is led to the middle of the frame that is on screen then', () => {
    const target = frameAt(1.03, steady);
    expect(target.frameSeconds).toBeCloseTo(1, 9);
    expect(target.seekSeconds).toBeCloseTo(1.02, 9);
  });

  test('a frame’s own beginning, however it was rounded, is led to that frame', () => {
    const rates = fc.constantFrom(24000 / 1001, 24, 25, 30000 / 1001, 50, 60000 / 1001, 120);
    fc.assert(
      fc.property(rates, fc.integer({ min: 0, max: 9999 }), fc.constantFrom(-1e-6, 0, 1e-6), (rate, frame, error) => {
        const video = { ...steady, framesPerSecond: rate, presentedFrames: 10_000 };
        expect(frameAt(frame / rate + error, video).frameSeconds * rate).toBeCloseTo(frame, 6);
        expect(frameFrom(frame / rate + error, video).frameSeconds * rate).toBeCloseTo(frame, 6);
      }),
    );
  });

  test('the first frame from a moment on does not begin before it', () => {
    expect(frameFrom(1.03, steady).frameSeconds).toBeCloseTo(1.04, 9);
  });

  test('steps end at the first and the last frame', () => {
    expect(frameBeside(1, 1, steady).frameSeconds).toBeCloseTo(1.04, 9);
    expect(frameBeside(0, -1, steady)).toEqual(frameAt(0, steady));
    expect(frameBeside(3.96, 1, steady)).toEqual(lastFrame(steady));
    expect(lastFrame(steady).seekSeconds).toBeCloseTo(3.98, 9);
  });
});

test('where they are not, a moment is sought as it is, and never behind the end', () => {
  expect(frameAt(1.03, varying).seekSeconds).toBeCloseTo(1.031, 9);
  expect(frameAt(9, varying).seekSeconds).toBeLessThanOrEqual(4);
  expect(frameAt(-1, varying).frameSeconds).toBe(0);
});
