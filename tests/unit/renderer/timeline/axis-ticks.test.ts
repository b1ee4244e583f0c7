import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { axisTicks } from '../../../../renderer/src/timeline/axis-ticks.ts';
import { percentText, spanText, timeText } from '../../../../renderer/src/timeline/time-text.ts';

const written = (startSeconds: number, endSeconds: number, widthPx: number) =>
  axisTicks({ startSeconds, endSeconds }, widthPx).flatMap(({ text }) => text ?? []);

test('an axis counts in seconds, minutes and hours as there is room', () => {
  expect(written(0, 12.8, 1064)).toEqual(Array.from({ length: 13 }, (_, i) => `0:${String(i).padStart(2, '0')}`));
  expect(written(0, 600, 800)).toEqual([
    '0:00',
    '1:00',
    '2:00',
    '3:00',
    '4:00',
    '5:00',
    '6:00',
    '7:00',
    '8:00',
    '9:00',
    '10:00',
  ]);
  expect(written(3590, 3615, 400)).toEqual(['59:50', '59:55', '1:00:00', '1:00:05', '1:00:10', '1:00:15']);
  expect(written(1, 1.5, 400)).toEqual(['0:01.0', '0:01.1', '0:01.2', '0:01.3', '0:01.4', '0:01.5']);
});

test('times never come closer than they can be read, and there are some', () => {
  const length = fc.double({ min: 0.5, max: 4e5, noNaN: true });
  fc.assert(
    fc.property(length, fc.double({ min: 0, max: 1e5, noNaN: true }), (seconds, start) => {
      const ticks = axisTicks({ startSeconds: start, endSeconds: start + seconds }, 1000).filter(
        ({ text }) => text !== null,
      );
      expect(ticks.length).toBeGreaterThan(1);
      for (const [i, tick] of ticks.entries()) {
        const before = ticks[i - 1];
        if (before !== undefined) expect(((tick.seconds - before.seconds) / seconds) * 1000).toBeGreaterThan(75.9);
      }
    }),
  );
});

test('without room there is no axis', () => {
  expect(axisTicks({ startSeconds: 0, endSeconds: 10 }, 0)).toEqual([]);
  expect(axisTicks({ startSeconds: 0, endSeconds: 0 }, 100)).toEqual([]);
});

describe('times in words', () => {
  test.each([
    [0, '0:00.0'],
    [59.94, '0:59.9'],
    [59.96, '1:00.0'],
    [3599.99, '1:00:00.0'],
    [3661.25, '1:01:01.3'],
    [-1, '0:00.0'],
  ])('%d s is %s', (seconds, text) => {
    expect(timeText(seconds)).toBe(text);
  });

  test('decimals are what is asked for', () => {
    expect(timeText(65, 0)).toBe('1:05');
    expect(timeText(65.256, 2)).toBe('1:05.26');
    expect(spanText({ startSeconds: 2, endSeconds: 64 })).toBe('0:02.0 – 1:04.0');
    expect(percentText(0.4564)).toBe('45.6 %');
    expect(percentText(1, 0)).toBe('100 %');
  });
});
