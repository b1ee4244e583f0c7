import { describe, expect, it } from 'vitest';
import { GradientAccumulator } from '#native-models/training/gradient-accumulation.ts';
import { clipByGlobalNorm, globalNorm } from '#native-models/training/gradient-clipping.ts';
import { ParameterSet } from '#native-models/training/parameter-set.ts';

const SHAPES = new Map([
  ['a', [2]],
  ['b', [1, 2]],
]);

function setOf(a: readonly number[], b: readonly number[]): ParameterSet {
  const set = new ParameterSet(SHAPES);
  set.get('a').set(a);
  set.get('b').set(b);
  return set;
}

describe('clipping', () => {
  it('shortens all gradients together to the length that is allowed', () => {
    const gradients = setOf([1, 2], [2, 4]);
    expect(clipByGlobalNorm(gradients, 1)).toBe(5);
    expect(globalNorm(gradients)).toBeCloseTo(1, 6);
    [0.2, 0.4, 0.4, 0.8].forEach((expected, i) => void expect(gradients.numbers[i]).toBeCloseTo(expected, 6));
  });

  it('leaves short gradients as they are', () => {
    const gradients = setOf([1, 2], [2, 4]);
    expect(clipByGlobalNorm(gradients, 6)).toBe(5);
    expect([...gradients.numbers]).toEqual([1, 2, 2, 4]);
  });

  it('tells of gradients that are no numbers', () => {
    expect(clipByGlobalNorm(setOf([1, Number.NaN], [0, 0]), 1)).toBeNaN();
    expect(clipByGlobalNorm(setOf([1, Number.POSITIVE_INFINITY], [0, 0]), 1)).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('accumulation', () => {
  it('gives the mean of the micro-batches, and begins anew after each', () => {
    const accumulator = new GradientAccumulator(new ParameterSet(SHAPES));
    accumulator.add(setOf([1, 2], [3, 4]).tensors);
    accumulator.add(setOf([3, 6], [1, 0]).tensors);
    expect([...accumulator.take().numbers]).toEqual([2, 4, 2, 2]);
    accumulator.add(setOf([5, 5], [5, 5]).tensors);
    expect([...accumulator.take().numbers]).toEqual([5, 5, 5, 5]);
  });

  it('adds in the order of arrival', () => {
    // (1 + 2⁻²⁴) + 2⁻²⁴ is 1 in float32, and 1 + (2⁻²⁴ + 2⁻²⁴) is not.
    const small = 2 ** -24;
    const sumOf = (...firsts: readonly number[]) => {
      const accumulator = new GradientAccumulator(new ParameterSet(SHAPES));
      for (const first of firsts) accumulator.add(setOf([first, 0], [0, 0]).tensors);
      return accumulator.take().get('a')[0];
    };
    expect(sumOf(1, small, small)).toBe(Math.fround(1 / 3));
    expect(sumOf(small, small, 1)).toBe(Math.fround((1 + 2 ** -23) / 3));
  });

  it('refuses gradients that are missing or of another size', () => {
    const accumulator = new GradientAccumulator(new ParameterSet(SHAPES));
    expect(() => accumulator.add(new Map([['a', new Float32Array(2)]]))).toThrow('"b" has no numbers, not 2');
    expect(() => accumulator.add(new Map([['a', new Float32Array(3)]]))).toThrow('"a" has 3 numbers, not 2');
  });
});

describe('a set of parameters', () => {
  it('keeps its tensors side by side, and copies what is asked for', () => {
    const set = setOf([1, 2], [3, 4]);
    const subset = set.only((name) => name === 'b');
    set.get('b').fill(0);
    expect([...set.numbers]).toEqual([1, 2, 0, 0]);
    expect([...subset.numbers]).toEqual([3, 4]);
    expect(subset.feeds()).toEqual({ b: { dtype: 'float32', dims: [1, 2], data: Float32Array.of(3, 4) } });
    expect(() => subset.get('a')).toThrow('no parameter "a"');
  });
});
