import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphError } from '#contract/errors.ts';
import { Dim, elements, formatShape, sameShape, shapeOf } from '#native-models/onnx/dim.ts';

const SYMBOLS = ['batch', 'frames', 'kept'] as const;
type Sizes = Readonly<Record<(typeof SYMBOLS)[number], number>>;

/** The number that `dim` stands for once its symbols have sizes. */
function evaluate(dim: Dim, sizes: Sizes): number {
  return dim.terms.reduce(
    (sum, { coefficient, symbols }) =>
      sum + symbols.reduce((product, symbol) => product * sizes[symbol as keyof Sizes], coefficient),
    0,
  );
}

const sizes: fc.Arbitrary<Sizes> = fc.record({
  batch: fc.nat({ max: 9 }),
  frames: fc.nat({ max: 9 }),
  kept: fc.nat({ max: 9 }),
});

const monomial = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.array(fc.constantFrom(...SYMBOLS), { maxLength: 3 }))
  .map(([coefficient, symbols]) =>
    symbols.reduce((product: Dim, symbol) => product.times(symbol), Dim.of(coefficient)),
  );

const polynomial = fc
  .array(fc.tuple(fc.boolean(), monomial), { maxLength: 4 })
  .map((parts) => parts.reduce((sum, [add, part]) => (add ? sum.plus(part) : sum.minus(part)), Dim.of(0)));

describe('arithmetic of dimensions', () => {
  it('agrees with the arithmetic of the numbers they stand for', () => {
    fc.assert(
      fc.property(polynomial, polynomial, sizes, (a, b, at) => {
        expect(evaluate(a.plus(b), at)).toBe(evaluate(a, at) + evaluate(b, at));
        expect(evaluate(a.minus(b), at)).toBe(evaluate(a, at) - evaluate(b, at));
        expect(evaluate(a.times(b), at)).toBeCloseTo(evaluate(a, at) * evaluate(b, at), 6);
      }),
    );
  });

  it('undoes a product by dividing', () => {
    fc.assert(
      fc.property(polynomial, monomial, (a, b) => {
        expect(a.times(b).dividedBy(b)?.equals(a)).toBe(true);
      }),
    );
  });

  it('divides only where the quotient is exact', () => {
    fc.assert(
      fc.property(polynomial, monomial, (a, b) => {
        const quotient = a.dividedBy(b);
        if (quotient !== undefined) expect(quotient.times(b).equals(a)).toBe(true);
      }),
    );
    expect(Dim.of(7).dividedBy(2)).toBeUndefined();
    expect(Dim.of('kept').plus(1).dividedBy('kept')).toBeUndefined();
    expect(Dim.of('kept').dividedBy('batch')).toBeUndefined();
    expect(Dim.of(6).dividedBy(0)).toBeUndefined();
  });

  it('does not depend on order', () => {
    fc.assert(
      fc.property(polynomial, polynomial, polynomial, (a, b, c) => {
        expect(a.plus(b).equals(b.plus(a))).toBe(true);
        expect(a.times(b).equals(b.times(a))).toBe(true);
        expect(a.times(b.plus(c)).equals(a.times(b).plus(a.times(c)))).toBe(true);
        expect(String(a.times(b))).toBe(String(b.times(a)));
      }),
    );
  });
});

describe('a dimension', () => {
  it('is a constant when no symbol is left', () => {
    expect(Dim.of(3).plus(4).constant).toBe(7);
    expect(Dim.of('kept').constant).toBeUndefined();
    expect(Dim.of('kept').plus(2).minus('kept').constant).toBe(2);
    expect(Dim.of('kept').minus('kept').constant).toBe(0);
  });

  it('equals another of the same polynomial only', () => {
    expect(Dim.of('batch').times('kept').equals(Dim.of('kept').times('batch'))).toBe(true);
    expect(Dim.of('batch').equals('kept')).toBe(false);
    expect(Dim.of('kept').plus(1).equals('kept')).toBe(false);
  });

  it('reads like a formula', () => {
    expect(String(Dim.of('kept').plus(1))).toBe('1 + kept');
    expect(String(Dim.of('batch').times(1569))).toBe('1569·batch');
    expect(String(Dim.of('kept').minus('kept'))).toBe('0');
  });

  it.each([-1, 1.5, Number.NaN, 2 ** 60])('cannot be %d', (size) => {
    expect(() => Dim.of(size)).toThrow(GraphError);
  });

  it.each(['', '1st', 'a b', 'a·b'])('cannot be called "%s"', (name) => {
    expect(() => Dim.of(name)).toThrow(GraphError);
  });
});

describe('a shape', () => {
  it('has as many elements as the product of its sizes', () => {
    expect(elements(shapeOf(['batch', 4, 'kept', 2])).equals(Dim.of('batch').times('kept').times(8))).toBe(true);
    expect(elements([]).constant).toBe(1);
  });

  it('is compared size by size', () => {
    expect(sameShape(shapeOf(['batch', 4]), shapeOf(['batch', 4]))).toBe(true);
    expect(sameShape(shapeOf(['batch', 4]), shapeOf([4, 'batch']))).toBe(false);
    expect(sameShape(shapeOf(['batch']), shapeOf(['batch', 1]))).toBe(false);
  });

  it('is written in brackets', () => {
    expect(formatShape(shapeOf(['batch', 8, 1]))).toBe('[batch, 8, 1]');
  });
});
