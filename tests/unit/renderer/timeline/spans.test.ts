import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spanAt, spansInside } from '../../../../renderer/src/timeline/find-span.ts';
import { nextStart, previousStart } from '../../../../renderer/src/timeline/find-step.ts';
import { gaps } from '../../../../renderer/src/timeline/gaps.ts';

const spans = [
  { startSeconds: 0, endSeconds: 2 },
  { startSeconds: 2, endSeconds: 4 },
  { startSeconds: 6, endSeconds: 8 },
];

describe('the span of a moment', () => {
  test.each([
    [0, 0],
    [1.9, 0],
    [2, 1],
    [4, -1],
    [5, -1],
    [7, 2],
    [8, 2],
    [9, -1],
    [-1, -1],
  ])('at %d s is number %d', (seconds, index) => {
    expect(spanAt(spans, seconds)).toBe(index);
  });

  test('is the same that looking through all of them finds', () => {
    const starts = fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(starts, fc.integer({ min: 0, max: 100 }), (unsorted, at) => {
        const sorted = [...unsorted].sort((a, b) => a - b);
        const row = sorted.map((startSeconds, i) => ({ startSeconds, endSeconds: sorted[i + 1] ?? 101 }));
        expect(spanAt(row, at)).toBe(row.findIndex((one) => one.startSeconds <= at && at < one.endSeconds));
      }),
    );
  });
});

test('what can be seen is what reaches into the part that is shown', () => {
  expect(spansInside(spans, { startSeconds: 3, endSeconds: 6.5 })).toEqual(spans.slice(1));
  expect(spansInside(spans, { startSeconds: 0, endSeconds: 1 })).toEqual(spans.slice(0, 1));
  expect(spansInside([], { startSeconds: 0, endSeconds: 1 })).toEqual([]);
});

describe('the next and the previous one', () => {
  test('begin after and before a moment', () => {
    expect(nextStart(spans, 0)).toBe(2);
    expect(nextStart(spans, 6)).toBeNull();
    expect(previousStart(spans, 3)).toBe(2);
    expect(previousStart(spans, 0)).toBeNull();
  });

  test('are others than the one that a player has just been sent to, however exactly it lands', () => {
    expect(nextStart(spans, 1.99)).toBe(6);
    expect(previousStart(spans, 2.01)).toBe(0);
  });
});

describe('what is not analysed', () => {
  test('is what no clip covers, at the end, too', () => {
    expect(gaps(spans, 10)).toEqual([
      { startSeconds: 4, endSeconds: 6 },
      { startSeconds: 8, endSeconds: 10 },
    ]);
    expect(gaps([], 10)).toEqual([{ startSeconds: 0, endSeconds: 10 }]);
    expect(gaps([{ startSeconds: 0, endSeconds: 10 }], 10)).toEqual([]);
  });

  test('is nothing where clips overlap', () => {
    expect(
      gaps(
        [
          { startSeconds: 0, endSeconds: 5 },
          { startSeconds: 1, endSeconds: 3 },
          { startSeconds: 4, endSeconds: 9 },
        ],
        9,
      ),
    ).toEqual([]);
  });
});
