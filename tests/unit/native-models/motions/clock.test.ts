import { describe, expect, test } from 'vitest';
import { sampledFrames } from '#native-models/motions/scene/clock.ts';

describe('the frames of a scene that a clip has', () => {
  test('reach from the first to the last, as evenly as whole numbers can', () => {
    expect(sampledFrames(8)).toEqual([0, 9, 18, 27, 36, 45, 54, 63]);
    expect(sampledFrames(2)).toEqual([0, 63]);
    expect(sampledFrames(64)).toEqual(Array.from({ length: 64 }, (_, frame) => frame));
  });

  test('are the one in the middle when there is one', () => {
    expect(sampledFrames(1)).toEqual([32]);
  });
});
