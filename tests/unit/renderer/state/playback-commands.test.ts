import { describe, expect, test } from 'vitest';
import { nextOf } from '../../../../renderer/src/state/playback-commands.ts';

const starts = [0, 2, 5];
const frame = 1 / 30;

describe('the next moment', () => {
  test('lies after the one on screen', () => {
    expect(nextOf(starts, 0, 1, frame)).toBe(2);
    expect(nextOf(starts, 2, 1, frame)).toBe(5);
    expect(nextOf(starts, 5, 1, frame)).toBeNull();
  });
});

describe('the moment before', () => {
  test('is the beginning of what is on screen, and then what lies before it', () => {
    expect(nextOf(starts, 4, -1, frame)).toBe(2);
    expect(nextOf(starts, 2, -1, frame)).toBe(0);
    expect(nextOf(starts, 0, -1, frame)).toBeNull();
  });

  test('is not the one just sought, whose frame began a little later', () => {
    expect(nextOf(starts, 2 + 0.9 * frame, -1, frame)).toBe(0);
  });
});
