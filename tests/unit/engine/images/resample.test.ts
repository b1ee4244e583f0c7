import { describe, expect, it } from 'vitest';
import type { Picture } from '#engine/images/picture.ts';
import { resample } from '#engine/images/resample.ts';

/** A picture of one row, grey. */
const row = (...values: readonly number[]): Picture => ({
  width: values.length,
  height: 1,
  pixels: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});
const column = (...values: readonly number[]): Picture => ({ ...row(...values), width: 1, height: values.length });
const greys = ({ pixels }: Picture) => [...pixels].filter((_, i) => i % 3 === 0);

describe('bicubic resizing', () => {
  it('leaves a picture of the same size as it is', () => {
    const picture = row(0, 50, 255, 7);
    expect(resample(picture, { width: 4, height: 1 })).toEqual(picture);
  });

  it('leaves plain colour plain, in any size', () => {
    for (const width of [1, 3, 17, 400]) {
      const { pixels } = resample(row(...new Array<number>(23).fill(131)), { width, height: 2 });
      expect(new Set(pixels)).toEqual(new Set([131]));
    }
  });

  it('mixes as Keys’ kernel with a = −½ says, wider where it shrinks, rounded', () => {
    // Twice as large: the pixels around the centre of the new one lie at ¼, ¾, 1¼ and 1¾ from it.
    const [w025, w075, w125, w175] = [111 / 128, 29 / 128, -9 / 128, -3 / 128];
    const wide = greys(resample(row(10, 20, 80, 90, 40, 60), { width: 12, height: 1 }));
    expect(wide[5]).toBe(Math.round(80 * w025 + 90 * w075 + 20 * w125 + 40 * w175));
    expect(wide[6]).toBe(Math.round(90 * w025 + 80 * w075 + 40 * w125 + 20 * w175));
    // Half as large: the kernel is twice as wide, so eight pixels count, at ¼, ¾, 1¼, 1¾ of its unit either way.
    const values = [10, 20, 80, 90, 40, 60, 70, 30];
    const weights = [w175, w125, w075, w025, w025, w075, w125, w175].map((weight) => weight / 2);
    const one = values.reduce((sum, value, i) => sum + value * (weights[i] ?? 0), 0);
    expect(greys(resample(row(0, ...values, 0), { width: 5, height: 1 }))[2]).toBe(Math.round(one));
  });

  it('does the same downwards as across', () => {
    const values = [3, 200, 90, 14, 77, 250, 0];
    for (const length of [2, 5, 19]) {
      expect(greys(resample(column(...values), { width: 1, height: length }))).toEqual(
        greys(resample(row(...values), { width: length, height: 1 })),
      );
    }
  });

  it('takes a rectangle as if it were mixed with what lies around it', () => {
    const picture = row(0, 0, 100, 100, 0, 0);
    const box = { left: 2, top: 0, right: 4, bottom: 1 };
    expect(greys(resample(picture, { width: 2, height: 1 }, 'bicubic', box))).toEqual([100, 100]);
    const halfWay = { left: 1.5, top: 0, right: 3.5, bottom: 1 };
    expect(greys(resample(picture, { width: 2, height: 1 }, 'bilinear', halfWay))).toEqual([50, 100]);
  });
});
