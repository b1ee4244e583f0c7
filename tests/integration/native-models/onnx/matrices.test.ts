import { describe, expect, it } from 'vitest';
import { layerNorm, linear, logSoftmax, matMul, product, softmax } from '#native-models/onnx/operators/matrices.ts';
import { at, largestDifference, type PlainTensor, randomTensor, sum, tensor } from '../plain-tensor.ts';
import { loadGraph, runOnce } from '../run-graph.ts';

function expectTensor(actual: PlainTensor, expected: PlainTensor): void {
  expect(actual.sizes).toEqual(expected.sizes);
  expect(largestDifference(actual.numbers, expected.numbers)).toBeLessThan(1e-5);
}

describe('matrix products', () => {
  it('sum over the inner axis, for every batch', async () => {
    const run = await loadGraph((graph) => {
      const a = graph.input('a', 'float32', ['batch', 2, 'inner']);
      graph.output('y', matMul(a, graph.input('b', 'float32', ['batch', 'inner', 4])));
    });
    for (const [batch, inner] of [
      [1, 1],
      [3, 5],
    ] as const) {
      const [a, b] = [randomTensor([batch, 2, inner], 1), randomTensor([batch, inner, 4], 2)];
      const expected = tensor([batch, 2, 4], (n, i, j) => sum(inner, (k) => at(a, n, i, k) * at(b, n, k, j)));
      expectTensor((await run({ a, b })).y!, expected);
    }
  });

  it('broadcast the axes before', async () => {
    const [a, b] = [randomTensor([2, 1, 3, 4], 3), randomTensor([5, 4, 2], 4)];
    const y = await runOnce(
      (graph) =>
        graph.output('y', matMul(graph.input('a', 'float32', [2, 1, 3, 4]), graph.input('b', 'float32', [5, 4, 2]))),
      { a, b },
    );
    expectTensor(
      y,
      tensor([2, 5, 3, 2], (n, m, i, j) => sum(4, (k) => at(a, n, 0, i, k) * at(b, m, k, j))),
    );
  });
});

describe('a product of two matrices', () => {
  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('takes either of them transposed (%s, %s)', async (a, b) => {
    const [left, right] = [randomTensor(a ? [3, 2] : [2, 3], 3), randomTensor(b ? [4, 3] : [3, 4], 4)];
    const y = await runOnce(
      (graph) =>
        graph.output(
          'y',
          product(graph.input('left', 'float32', left.sizes), graph.input('right', 'float32', right.sizes), { a, b }),
        ),
      { left, right },
    );
    const inLeft = (i: number, k: number) => (a ? at(left, k, i) : at(left, i, k));
    const inRight = (k: number, j: number) => (b ? at(right, j, k) : at(right, k, j));
    expectTensor(
      y,
      tensor([2, 4], (i, j) => sum(3, (k) => inLeft(i, k) * inRight(k, j))),
    );
  });
});

describe('a linear layer', () => {
  const [weight, bias] = [randomTensor([5, 3], 5), randomTensor([5], 6)];

  it.each([true, false])('is x·weightᵀ + bias; with bias: %s', async (biased) => {
    const run = await loadGraph((graph) => {
      const w = graph.constant('float32', weight.sizes, weight.numbers);
      const b = biased ? graph.constant('float32', bias.sizes, bias.numbers) : null;
      graph.output('y', linear(graph.input('x', 'float32', ['rows', 3]), w, b));
    });
    for (const rows of [1, 4]) {
      const x = randomTensor([rows, 3], rows);
      const dot = (i: number, j: number) => sum(3, (k) => at(x, i, k) * at(weight, j, k));
      expectTensor(
        (await run({ x })).y!,
        tensor([rows, 5], (i, j) => dot(i, j) + (biased ? at(bias, j) : 0)),
      );
    }
  });
});

describe('softmax', () => {
  it.each([0, 1, -1])('sums to one along axis %d', async (axis) => {
    const x = randomTensor([3, 4], 7);
    const y = await runOnce((graph) => graph.output('y', softmax(graph.input('x', 'float32', ['n', 4]), axis)), { x });
    const total = (i: number, j: number) =>
      axis === 0 ? sum(3, (k) => Math.exp(at(x, k, j))) : sum(4, (k) => Math.exp(at(x, i, k)));
    expectTensor(
      y,
      tensor([3, 4], (i, j) => Math.exp(at(x, i, j)) / total(i, j)),
    );
  });
});

describe('the logarithm of softmax', () => {
  it('stays finite where softmax itself is 0', async () => {
    const x = tensor([2, 3], (i, j) => (i === 0 ? j : 500 * j));
    const y = await runOnce((graph) => graph.output('y', logSoftmax(graph.input('x', 'float32', [2, 3]), -1)), { x });
    const ofFirst = Math.log(1 + Math.E + Math.E ** 2);
    expectTensor(
      y,
      tensor([2, 3], (i, j) => (i === 0 ? j - ofFirst : 500 * (j - 2))),
    );
  });
});

describe('layer normalisation', () => {
  it('has zero mean and unit variance before gain and bias', async () => {
    const [x, gain, bias] = [randomTensor([2, 3, 8], 8), randomTensor([8], 9), randomTensor([8], 10)];
    const eps = 0.01;
    const y = await runOnce(
      (graph) => {
        const parameter = (name: string) => graph.input(name, 'float32', [8]);
        const rows = graph.input('x', 'float32', [2, 'rows', 8]);
        graph.output('y', layerNorm(rows, parameter('gain'), parameter('bias'), eps));
      },
      { x, gain, bias },
    );
    const expected = tensor([2, 3, 8], (n, i, k) => {
      const mean = sum(8, (j) => at(x, n, i, j)) / 8;
      const variance = sum(8, (j) => (at(x, n, i, j) - mean) ** 2) / 8;
      return ((at(x, n, i, k) - mean) / Math.sqrt(variance + eps)) * at(gain, k) + at(bias, k);
    });
    expectTensor(y, expected);
  });
});
