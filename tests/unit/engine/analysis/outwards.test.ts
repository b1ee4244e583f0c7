import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outwards } from '#engine/analysis/outwards.ts';

const planOf = (clips: number) => Array.from({ length: clips }, (_, index) => ({ index, startSeconds: index * 2 }));
const indices = (spans: readonly (readonly { index: number }[])[]) =>
  spans.map((span) => span.map(({ index }) => index));

describe('clips nearest to the playhead come first', () => {
  test('from the beginning all of them are one pass', () => {
    expect(indices(outwards(planOf(100), 0))).toEqual([planOf(100).map(({ index }) => index)]);
  });

  test('from the middle it goes forwards and backwards in turn, in ever longer spans', () => {
    expect(indices(outwards(planOf(20), 21))).toEqual([
      [10, 11, 12, 13],
      [6, 7, 8, 9],
      [14, 15, 16, 17, 18, 19],
      [0, 1, 2, 3, 4, 5],
    ]);
  });

  test('the first span begins with the clip that is on screen', () => {
    expect(outwards(planOf(50), 33.9)[0]?.[0]).toMatchObject({ index: 16, startSeconds: 32 });
    expect(outwards(planOf(50), 34)[0]?.[0]?.index).toBe(17);
    expect(outwards(planOf(50), 1e6)[0]?.[0]?.index).toBe(49);
  });

  test('every clip comes exactly once, each span in order of time and next to what came before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.double({ min: 0, max: 7000, noNaN: true }), (clips, from) => {
        const spans = indices(outwards(planOf(clips), from));
        expect(spans.flat().toSorted((a, b) => a - b)).toEqual(planOf(clips).map(({ index }) => index));
        const seen = new Set<number>();
        for (const span of spans) {
          expect(span.every((index, i) => i === 0 || index === span[i - 1]! + 1)).toBe(true);
          expect(seen.size === 0 || seen.has(span[0]! - 1) || seen.has(span.at(-1)! + 1)).toBe(true);
          for (const index of span) seen.add(index);
        }
        expect(spans.length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(clips + 1)) + 2);
      }),
    );
  });
});
