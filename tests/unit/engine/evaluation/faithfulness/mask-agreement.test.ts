import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averagePrecision, compareWithMask, maskAgreement } from '#engine/evaluation/faithfulness/mask-agreement.ts';

const agreementOf = (...clips: readonly (readonly [readonly number[], readonly number[]])[]) =>
  maskAgreement(clips.map(([map, mask]) => compareWithMask(Float32Array.from(map), Uint8Array.from(mask))));

describe('agreement of a map with a mask', () => {
  test('is perfect where every foreground pixel is above the mean and no other is', () => {
    expect(
      agreementOf([
        [0.9, 0.8, 0.1, 0.2],
        [1, 255, 0, 0],
      ]),
    ).toEqual({
      pixelAccuracy: 1,
      meanAccuracy: 1,
      meanIou: 1,
      averagePrecision: 1,
    });
  });

  test('is what counting by hand gives', () => {
    // Mean 0.5. Above: 1st, 2nd, 4th. Foreground: 1st, 3rd. Found 1 of 2; background found 2 of 4.
    const result = agreementOf([
      [0.9, 0.8, 0.3, 0.7, 0.2, 0.1],
      [1, 0, 1, 0, 0, 0],
    ]);
    expect(result.pixelAccuracy).toBeCloseTo(3 / 6, 12);
    expect(result.meanAccuracy).toBeCloseTo((1 / 2 + 2 / 4) / 2, 12);
    // Foreground 1 of 1 + 1 + 2; background 2 of 2 + 1 + 2.
    expect(result.meanIou).toBeCloseTo((1 / 4 + 2 / 5) / 2, 12);
    // Ranks of the foreground: 1 and 4.
    expect(result.averagePrecision).toBeCloseTo((1 / 1 + 2 / 4) / 2, 12);
  });

  test('counts pixels over the set, and averages precision over its clips', () => {
    const easy = [
      [1, 0],
      [1, 0],
    ] as const;
    const hard = [
      [1, 0, 0, 0, 0, 0],
      [0, 1, 0, 0, 0, 0],
    ] as const;
    const result = agreementOf(easy, hard);
    expect(result.pixelAccuracy).toBeCloseTo(6 / 8, 12);
    expect(result.meanIou).toBeCloseTo((1 / 3 + 5 / 7) / 2, 12);
    // The five equal scores of the hard clip count together: precision 1 of 6.
    expect(result.averagePrecision).toBeCloseTo((1 + 1 / 6) / 2, 12);
  });

  test('does not depend on scale and offset of the map', () => {
    const map = fc.array(fc.integer({ min: 0, max: 64 }), { minLength: 8, maxLength: 8 });
    const mask = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(map, mask, (scores, truth) => {
        const scaled = scores.map((score) => 4 * score - 32);
        expect(agreementOf([scaled, truth])).toEqual(agreementOf([scores, truth]));
      }),
    );
  });

  test('knows no precision of clips without foreground', () => {
    expect(
      agreementOf([
        [0.5, 0.1],
        [0, 0],
      ]).averagePrecision,
    ).toBeNull();
    expect(
      agreementOf(
        [
          [0.5, 0.1],
          [0, 0],
        ],
        [
          [0.5, 0.1],
          [1, 0],
        ],
      ).averagePrecision,
    ).toBe(1);
  });

  test('is asked for as many pixels as scores', () => {
    expect(() => agreementOf([[1], [1, 0]])).toThrow(RangeError);
  });
});

describe('average precision', () => {
  test('of a map that says nothing is the share of the foreground', () => {
    expect(averagePrecision(new Float32Array(8).fill(0.3), Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0))).toBe(0.25);
  });

  test('of the worst ranking of one pixel is one by their number', () => {
    expect(averagePrecision(Float32Array.of(4, 3, 2, 1), Uint8Array.of(0, 0, 0, 1))).toBe(0.25);
  });

  test('does not depend on the order of the pixels', () => {
    const pixel = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 1 }));
    fc.assert(
      fc.property(fc.array(pixel, { minLength: 1, maxLength: 20 }), (pixels) => {
        const of = (list: readonly (readonly [number, number])[]) =>
          averagePrecision(
            Float32Array.from(list, ([score]) => score),
            Uint8Array.from(list, ([, truth]) => truth),
          );
        expect(of([...pixels].reverse())).toEqual(of(pixels));
      }),
    );
  });
});
