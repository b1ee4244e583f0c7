import { expect, test } from 'vitest';
import { nearestSampledFrame } from '../../../../renderer/src/overlay/sampled-frame.ts';

test.each([
  [-1, 0],
  [0.4, 0],
  [0.5, 0],
  [0.6, 1],
  [1.9, 2],
  [9, 2],
])('at %d s the nearest sampled frame is taken', (seconds, frame) => {
  expect(nearestSampledFrame([0, 1, 2], seconds)).toBe(frame);
});

test('of a frame that is there several times the first one is taken', () => {
  expect(nearestSampledFrame([0, 1, 1, 1], 1.2)).toBe(1);
});

test('without frames there is none', () => {
  expect(nearestSampledFrame([], 1)).toBe(-1);
});
