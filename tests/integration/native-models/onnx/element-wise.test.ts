import { describe, expect, it } from 'vitest';
import type { Value } from '#native-models/onnx/graph.ts';
import {
  add,
  cast,
  clip,
  divide,
  errorFunction as erf,
  exponential,
  gelu,
  logarithm,
  multiply,
  negate,
  reduceMean,
  reduceSum,
  scale,
  sigmoid,
  softplus,
  subtract,
} from '#native-models/onnx/operators/arithmetic.ts';
import { equal, greater, where } from '#native-models/onnx/operators/comparisons.ts';
import { at, largestDifference, type PlainTensor, randomTensor, sum, tensor } from '../plain-tensor.ts';
import { loadGraph, runOnce } from '../run-graph.ts';

const TOLERANCE = 1e-6;

function expectTensor(actual: PlainTensor, expected: PlainTensor): void {
  expect(actual.sizes).toEqual(expected.sizes);
  expect(largestDifference(actual.numbers, expected.numbers)).toBeLessThan(TOLERANCE);
}

describe.each([
  ['add', add, (a: number, b: number) => a + b],
  ['subtract', subtract, (a: number, b: number) => a - b],
  ['multiply', multiply, (a: number, b: number) => a * b],
  ['divide', divide, (a: number, b: number) => a / b],
])('%s', (_, operator, number) => {
  // Away from zero, so that a quotient has a sensible size.
  const positive = (sizes: readonly number[], seed: number) => {
    const random = randomTensor(sizes, seed);
    return { ...random, numbers: random.numbers.map((x) => x + 2) };
  };

  it.each([
    [
      [2, 3],
      [2, 3],
    ],
    [
      [2, 3],
      [1, 3],
    ],
    [
      [2, 1],
      [1, 3],
    ],
    [
      [1, 1],
      [2, 3],
    ],
  ])('broadcasts %j and %j', async (sizesA, sizesB) => {
    const [a, b] = [positive(sizesA, 1), positive(sizesB, 2)];
    const y = await runOnce(
      (graph) => graph.output('y', operator(graph.input('a', 'float32', sizesA), graph.input('b', 'float32', sizesB))),
      { a, b },
    );
    expectTensor(
      y,
      tensor([2, 3], (i, j) => number(at(a, i, j), at(b, i, j))),
    );
  });

  it('runs at any size of a named axis', async () => {
    const run = await loadGraph((graph) => {
      graph.output('y', operator(graph.input('a', 'float32', ['batch', 2]), graph.input('b', 'float32', ['batch', 1])));
    });
    for (const batch of [1, 4, 0, 2]) {
      const [a, b] = [positive([batch, 2], 3), positive([batch, 1], 4)];
      const expected = tensor([batch, 2], (i, j) => number(at(a, i, j), at(b, i, j)));
      expectTensor((await run({ a, b })).y!, expected);
    }
  });
});

/** The error function by its Maclaurin series, which converges everywhere and is exact enough up to |x| = 4. */
function errorFunction(x: number): number {
  let [term, total] = [x, x];
  for (let n = 1; n < 100; n++) {
    term *= (-x * x) / n;
    total += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * total;
}

describe('activations', () => {
  const x = tensor([17], (i) => (i - 8) / 2);
  const each = async (operator: (x: Value<'float32'>) => Value<'float32'>, number: (x: number) => number) =>
    expectTensor(await runOnce((graph) => graph.output('y', operator(graph.input('x', 'float32', ['n']))), { x }), {
      ...x,
      numbers: x.numbers.map(number),
    });

  it('sigmoid is 1 / (1 + e^−x)', () => each(sigmoid, (v) => 1 / (1 + Math.exp(-v))));
  it('gelu is the exact one, x·Φ(x)', () => each(gelu, (v) => (v * (1 + errorFunction(v / Math.SQRT2))) / 2));
  it('negate changes the sign', () => each(negate, (v) => -v));
  it('exponential is e^x', () =>
    each(
      (v) => exponential(scale(v, 0.25)),
      (v) => Math.exp(v / 4),
    ));
  it('logarithm undoes it', () =>
    each(
      (v) => logarithm(exponential(v)),
      (v) => v,
    ));
  it('error function is that of Gauss', () => each(erf, errorFunction));
  it('softplus is log(1 + e^x)', () => each(softplus, (v) => Math.log1p(Math.exp(v))));
  it('softplus of large numbers is finite', () =>
    each(
      (v) => scale(softplus(scale(v, 100)), 0.01),
      (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v * 100))) / 100,
    ));
  it('clip keeps to its bounds', () =>
    each(
      (v) => clip(v, -1.5, 0.75),
      (v) => Math.min(0.75, Math.max(-1.5, v)),
    ));
  it('scale multiplies by a number', () =>
    each(
      (v) => scale(v, -0.25),
      (v) => v * -0.25,
    ));
});

describe('comparisons and choices', () => {
  it('broadcast', async () => {
    const [a, b] = [tensor([3, 1], (i) => i), tensor([4], (j) => j - 1)];
    const compare = (operator: typeof equal | typeof greater) =>
      runOnce(
        (graph) => {
          const [left, right] = [graph.input('a', 'float32', ['rows', 1]), graph.input('b', 'float32', [4])];
          graph.output('y', where(operator(left, right), scale(left, 10), right));
        },
        { a, b },
      );
    expectTensor(
      await compare(equal),
      tensor([3, 4], (i, j) => (i === j - 1 ? 10 * i : j - 1)),
    );
    expectTensor(
      await compare(greater),
      tensor([3, 4], (i, j) => (i > j - 1 ? 10 * i : j - 1)),
    );
  });

  it('compare whole numbers', async () => {
    const y = await runOnce(
      (graph) => graph.output('y', equal(graph.input('a', 'int64', [3]), graph.constant('int64', [1], [1]))),
      { a: tensor([3], (i) => i) },
    );
    expect(y.numbers).toEqual([0, 1, 0]);
  });
});

describe('reductions', () => {
  const x = randomTensor([2, 3, 4], 5);

  it.each([
    ['mean', reduceMean, 1 / 3],
    ['sum', reduceSum, 1],
  ] as const)('%s over one axis, kept or dropped', async (_, reduce, factor) => {
    const expected = (i: number, k: number) => factor * sum(3, (j) => at(x, i, j, k));
    const over = (keep: boolean) =>
      runOnce((graph) => graph.output('y', reduce(graph.input('x', 'float32', [2, 'rows', 4]), [1], keep)), { x });
    expectTensor(
      await over(true),
      tensor([2, 1, 4], (i, _one, k) => expected(i, k)),
    );
    expectTensor(
      await over(false),
      tensor([2, 4], (i, k) => expected(i, k)),
    );
  });

  it('over several axes', async () => {
    const y = await runOnce(
      (graph) => graph.output('y', reduceSum(graph.input('x', 'float32', [2, 3, 4]), [0, -1], false)),
      { x },
    );
    expectTensor(
      y,
      tensor([3], (j) => sum(2, (i) => sum(4, (k) => at(x, i, j, k)))),
    );
  });
});

describe('casts', () => {
  it.each(['float32', 'int64', 'int32', 'uint8'] as const)('keep whole numbers as %s', async (dtype) => {
    const x = tensor([4], (i) => i);
    const throughHalf = (input: Value<'float32'>) => cast(cast(input, 'float16'), dtype);
    const y = await runOnce((graph) => graph.output('y', throughHalf(graph.input('x', 'float32', [4]))), { x });
    expect(y).toEqual(x);
  });

  it('to half precision round to 11 bits', async () => {
    const x = tensor([3], (i) => [1 / 3, 2049, 1e-4][i]!);
    const y = await runOnce((graph) => graph.output('y', cast(graph.input('x', 'float32', [3]), 'float16')), { x });
    expect(y.numbers).toEqual([...Float16Array.from(x.numbers)]);
  });

  it('to truth values ask for anything but zero', async () => {
    const x = tensor([3], (i) => i - 1);
    const y = await runOnce((graph) => graph.output('y', cast(graph.input('x', 'float32', [3]), 'bool')), { x });
    expect(y.numbers).toEqual([1, 0, 1]);
  });
});
