import { expect, test } from 'vitest';
import { pixelMap } from '#engine/evaluation/faithfulness/pixel-map.ts';

test('a map in pixels goes straight from the centre of a patch to that of the next, each frame by itself', () => {
  // Two by two patches in two frames; frame 0 rises to the right by 4, frame 1 downwards by 8.
  const scores = Float32Array.of(0, 0, 4, 0, 0, 8, 4, 8);
  const map = pixelMap(scores, 2, 4);
  const across = [0, 1, 3, 4];
  expect([...map.subarray(0, 16)]).toEqual([across, across, across, across].flat());
  expect([...map.subarray(16)]).toEqual([0, 2, 6, 8].flatMap((value) => [value, value, value, value]));
});

test('a map that is no square is refused', () => {
  expect(() => pixelMap(new Float32Array(6), 2, 4)).toThrow(RangeError);
});
