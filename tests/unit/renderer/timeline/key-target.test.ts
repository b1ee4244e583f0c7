import { expect, test } from 'vitest';
import { keyTarget } from '../../../../renderer/src/timeline/key-target.ts';

const where = {
  seconds: 5,
  durationSeconds: 12,
  intervals: [
    { startSeconds: 1, endSeconds: 4 },
    { startSeconds: 5, endSeconds: 9 },
  ],
};

test.each([
  ['ArrowLeft', 4],
  ['ArrowDown', 4],
  ['ArrowRight', 6],
  ['ArrowUp', 6],
  ['PageDown', 1],
  // The action that begins here is no next one, and there is none after it.
  ['PageUp', null],
  ['Home', 0],
  ['End', 12],
  ['Tab', undefined],
])('%s leads to %s', (key, moment) => {
  expect(keyTarget(key, where)).toBe(moment);
});
