import { describe, expect, it } from 'vitest';
import { coverageOf } from '#native-models/shapes/drawing/coverage.ts';
import { areaOf, type Outline, reversed } from '#native-models/shapes/outlines/outline.ts';

const sum = (shares: Float32Array) => shares.reduce((total, share) => total + share, 0);

/** The share of pixel x, y that is covered. */
function at({ left, top, width, height, shares }: ReturnType<typeof coverageOf>, x: number, y: number): number {
  const [column, row] = [x - left, y - top];
  return column < 0 || row < 0 || column >= width || row >= height ? 0 : shares[row * width + column]!;
}

describe('how much of each pixel is covered', () => {
  it('is exact for a rectangle between pixels', () => {
    const covered = coverageOf([[1.25, 2.5, 4.5, 2.5, 4.5, 4, 1.25, 4]], 8);
    expect([1, 2, 3, 4].map((x) => at(covered, x, 2))).toEqual([0.375, 0.5, 0.5, 0.25]);
    expect([1, 2, 3, 4].map((x) => at(covered, x, 3))).toEqual([0.75, 1, 1, 0.5]);
    expect(at(covered, 2, 4)).toBe(0);
  });

  it('is exact for a slanted edge', () => {
    // The lower left half of a square of four pixels' side.
    const covered = coverageOf([[0, 0, 4, 4, 0, 4]], 4);
    for (let y = 0; y < 4; y++) {
      for (let x = 0; x < 4; x++) expect(at(covered, x, y)).toBeCloseTo(x < y ? 1 : x === y ? 0.5 : 0, 6);
    }
    // A flat edge: half of each column's height more with each pixel.
    const flat = coverageOf([[0, 0, 4, 0, 4, 1]], 4);
    expect([0, 1, 2, 3].map((x) => at(flat, x, 0))).toEqual(
      [0.125, 0.375, 0.625, 0.875].map((share) => expect.closeTo(share, 6)),
    );
  });

  it('has the area of the outline, whichever way round it runs', () => {
    const outline: Outline = [[3.1, 4.7, 17.9, 2.2, 21.3, 15.5, 11.6, 9.9, 6.4, 19.8]];
    expect(sum(coverageOf(outline, 24).shares)).toBeCloseTo(areaOf(outline), 3);
    const other = coverageOf(outline.map(reversed), 24).shares;
    const apart = coverageOf(outline, 24).shares.map((share, i) => Math.abs(share - other[i]!));
    expect(Math.max(...apart)).toBeLessThan(1e-5);
  });

  it('leaves holes open', () => {
    const outer = [2, 2, 12, 2, 12, 12, 2, 12];
    const hole = reversed([5, 5, 9, 5, 9, 9, 5, 9]);
    const covered = coverageOf([outer, hole], 16);
    expect(sum(covered.shares)).toBeCloseTo(100 - 16, 4);
    expect(at(covered, 6, 6)).toBe(0);
    expect(at(covered, 3, 6)).toBe(1);
  });

  it('is cut off at the edges of the picture', () => {
    const beyond = coverageOf([[-6, -5, 30, 3, 12, 40]], 16);
    const inside = coverageOf([[-6 + 20, -5 + 20, 30 + 20, 3 + 20, 12 + 20, 40 + 20]], 64);
    for (let y = 0; y < 16; y++) {
      // An edge that leaves a row half-way is put where the picture ends.
      for (let x = 0; x < 15; x++) expect(at(beyond, x, y)).toBeCloseTo(at(inside, x + 20, y + 20), 1);
    }
    expect(coverageOf([[20, 20, 30, 20, 30, 30]], 16).shares).toHaveLength(0);
  });
});
