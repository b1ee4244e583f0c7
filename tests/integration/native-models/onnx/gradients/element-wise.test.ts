import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addGradients } from '#native-models/onnx/gradients/add-gradients.ts';
import type { Value } from '#native-models/onnx/graph.ts';
import {
  add,
  cast,
  clip,
  divide,
  errorFunction,
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
import { type PlainTensor, randomTensor, tensor } from '../../plain-tensor.ts';
import { runOnce } from '../../run-graph.ts';
import { expectGradients } from './finite-differences.ts';

/** Away from zero, for divisors and logarithms. */
function positive(sizes: readonly number[], seed: number): PlainTensor {
  const random = randomTensor(sizes, seed);
  return { ...random, numbers: random.numbers.map((x) => x / 2 + 1.5) };
}

/** Two shapes that broadcast: of up to three axes, any of size 1 on either side, leading ones missing on one. */
const broadcastingShapes = fc
  .array(fc.record({ size: fc.integer({ min: 1, max: 3 }), one: fc.constantFrom('a', 'b', 'none') }), { maxLength: 3 })
  .chain((axes) =>
    fc.record({ axes: fc.constant(axes), missing: fc.nat(axes.length), shorter: fc.constantFrom('a', 'b') }),
  )
  .map(({ axes, missing, shorter }) => {
    const sizes = (side: string) =>
      axes.map(({ size, one }) => (one === side ? 1 : size)).slice(side === shorter ? missing : 0);
    return [sizes('a'), sizes('b')] as const;
  });

describe.each([
  ['add', add],
  ['subtract', subtract],
  ['multiply', multiply],
  ['divide', divide],
])('the gradient of %s', (_, operator) => {
  it('is that of differences, for all shapes that broadcast', async () => {
    const holds = fc.asyncProperty(broadcastingShapes, fc.nat(1000), async ([sizesA, sizesB], seed) => {
      const inputs = { a: positive(sizesA, seed), b: positive(sizesB, seed + 1) };
      await expectGradients(inputs, ({ a, b }) => operator(a!, b!));
    });
    await fc.assert(holds, { numRuns: 15, seed: 1 });
  });

  it('sums over a named axis', () =>
    expectGradients({ a: positive([3, 1, 2], 1), b: positive([1, 2, 2], 2) }, ({ a, b }) => operator(a!, b!), {
      a: ['batch', 1, 2],
    }));

  it('reaches a value that is both operands', () =>
    expectGradients({ x: positive([2, 3], 3) }, ({ x }) => operator(x!, operator(x!, x!))));
});

describe('the gradient of', () => {
  const x = tensor([2, 8], (i, j) => (i - 0.5) * (j - 3.4));

  it.each<[string, (x: Value<'float32'>) => Value<'float32'>]>([
    ['sigmoid', sigmoid],
    ['gelu', gelu],
    ['error function', errorFunction],
    ['softplus', softplus],
    ['negate', negate],
    ['exponential', exponential],
    ['scale', (v) => scale(v, -2.5)],
    ['clip', (v) => clip(v, -0.55, 1.05)],
    ['cast to the same type', (v) => cast(v, 'float32')],
  ])('%s is that of differences', (_, operator) => expectGradients({ x }, ({ x: v }) => operator(v!)));

  it('logarithm is that of differences', () => expectGradients({ x: positive([5], 4) }, ({ x: v }) => logarithm(v!)));

  it('a cast to half precision and back passes through both', async () => {
    const { y } = { y: await gradientOf((v) => scale(cast(cast(v, 'float16'), 'float32'), 3), x) };
    expect(y.numbers.every((number) => number === 3)).toBe(true);
  });

  it('gelu far from zero is 0 or 1, and finite', async () => {
    const y = await gradientOf(
      gelu,
      tensor([4], (i) => [-100, -20, 20, 100][i]!),
    );
    expect(y.numbers.map((number) => Math.round(number * 1e6) / 1e6 + 0)).toEqual([0, 0, 1, 1]);
  });

  it('softplus far from zero is 0 or 1, and finite', async () => {
    const y = await gradientOf(
      softplus,
      tensor([2], (i) => [-200, 200][i]!),
    );
    expect(y.numbers.map((number) => Math.round(number * 1e6) / 1e6 + 0)).toEqual([0, 1]);
  });
});

describe('the gradient of a choice', () => {
  it('goes to what was chosen, with broadcasting', () =>
    expectGradients({ yes: randomTensor([2, 1, 3], 5), no: randomTensor([4, 1], 6) }, ({ yes, no }, graph) => {
      const pattern = graph.constant('float32', [4, 3], [1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
      const condition = equal(pattern, graph.constant('float32', [1], [1]));
      return where(condition, yes!, no!);
    }));

  it('does not pass through the question', () =>
    expectGradients({ x: tensor([6], (i) => i - 2.5) }, ({ x }, graph) =>
      where(greater(x!, graph.constant('float32', [1], [0])), multiply(x!, x!), scale(x!, 3)),
    ));
});

describe.each([
  ['reduceMean', reduceMean],
  ['reduceSum', reduceSum],
])('the gradient of %s', (_, reduce) => {
  it.each([[[0]], [[1]], [[-1]], [[0, 2]], [[0, 1, 2]]])('over the axes %j, kept or dropped', async (axes) => {
    const inputs = { x: randomTensor([2, 3, 2], 7) };
    await expectGradients(inputs, ({ x }) => reduce(x!, axes, true));
    await expectGradients(inputs, ({ x }) => reduce(x!, axes, false));
    await expectGradients(inputs, ({ x }) => reduce(x!, axes, false), { x: ['batch', 'length', 2] });
  });
});

/** d Σ operator(x) / dx. */
async function gradientOf(operator: (x: Value<'float32'>) => Value<'float32'>, x: PlainTensor): Promise<PlainTensor> {
  return runOnce(
    (graph) => {
      const input = graph.input('x', 'float32', x.sizes);
      const axes = x.sizes.map((_, axis) => axis);
      graph.output('y', addGradients(graph, reduceSum(operator(input), axes, false), [input])[0]!);
    },
    { x },
  );
}
