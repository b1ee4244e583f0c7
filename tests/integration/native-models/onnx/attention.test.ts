import { describe, expect, it } from 'vitest';
import type { DimLike } from '#native-models/onnx/dim.ts';
import type { FloatType } from '#native-models/onnx/dtype.ts';
import { cast } from '#native-models/onnx/operators/arithmetic.ts';
import { attention } from '#native-models/onnx/operators/attention.ts';
import { at, largestDifference, type PlainTensor, randomTensor, sum, tensor } from '../plain-tensor.ts';
import { loadGraph, type Run } from '../run-graph.ts';

const HEADS = 3;
const HEAD_DIM = 4;
const DIM = HEADS * HEAD_DIM;

/** softmax(q·kᵀ/√headDim + bias)·v, head by head, as Vaswani et al. 2017 write it. */
function reference(query: PlainTensor, key: PlainTensor, value: PlainTensor, bias?: PlainTensor): PlainTensor {
  const [sequences, queries] = query.sizes as [number, number];
  const keys = key.sizes[1]!;
  return tensor([sequences, queries, DIM], (s, q, c) => {
    const first = Math.floor(c / HEAD_DIM) * HEAD_DIM;
    const score = (k: number) =>
      sum(HEAD_DIM, (i) => at(query, s, q, first + i) * at(key, s, k, first + i)) / Math.sqrt(HEAD_DIM) +
      (bias === undefined ? 0 : at(bias, s, 0, q, k));
    const weights = Array.from({ length: keys }, (_, k) => Math.exp(score(k)));
    const total = weights.reduce((a, b) => a + b);
    return sum(keys, (k) => (weights[k]! / total) * at(value, s, k, c));
  });
}

function load(fused: boolean, bias: 'none' | 'shared' | 'each' | 'pairs', dtype: FloatType = 'float32'): Promise<Run> {
  return loadGraph((graph) => {
    const input = (name: string, sizes: readonly DimLike[]) => cast(graph.input(name, 'float32', sizes), dtype);
    const query = input('query', ['sequences', 'queries', DIM]);
    const key = input('key', ['sequences', 'keys', DIM]);
    const value = input('value', ['sequences', 'keys', DIM]);
    const rows = bias === 'shared' ? 1 : 'sequences';
    const columns = bias === 'pairs' ? 'queries' : 1;
    const keyBias = bias === 'none' ? {} : { keyBias: input('bias', [rows, 1, columns, 'keys']) };
    graph.output('y', cast(attention({ query, key, value, heads: HEADS, fused, ...keyBias }), 'float32'));
  });
}

const SIZES = [
  { sequences: 1, queries: 1, keys: 1 },
  { sequences: 4, queries: 3, keys: 3 },
  { sequences: 2, queries: 5, keys: 7 },
  { sequences: 1, queries: 65, keys: 65 },
];

function inputs({ sequences, queries, keys }: (typeof SIZES)[number]) {
  return {
    query: randomTensor([sequences, queries, DIM], 1),
    key: randomTensor([sequences, keys, DIM], 2),
    value: randomTensor([sequences, keys, DIM], 3),
  };
}

describe.each([
  ['plain', false],
  ['fused', true],
])('%s attention', (_, fused) => {
  it('is the softmax of scaled products, at any size', async () => {
    const run = await load(fused, 'none');
    for (const size of SIZES) {
      const feeds = inputs(size);
      const expected = reference(feeds.query, feeds.key, feeds.value);
      const { y } = await run(feeds);
      expect(y!.sizes).toEqual(expected.sizes);
      expect(largestDifference(y!.numbers, expected.numbers)).toBeLessThan(1e-5);
    }
  });

  it.each(['shared', 'each', 'pairs'] as const)('adds a bias to the scores of keys (%s)', async (kind) => {
    const run = await load(fused, kind);
    for (const size of SIZES) {
      const [rows, columns] = [kind === 'shared' ? 1 : size.sequences, kind === 'pairs' ? size.queries : 1];
      const bias = randomTensor([rows, 1, columns, size.keys], 4);
      const feeds = inputs(size);
      const { y } = await run({ ...feeds, bias });
      const expected = reference(feeds.query, feeds.key, feeds.value, bias);
      expect(largestDifference(y!.numbers, expected.numbers)).toBeLessThan(1e-5);
    }
  });

  it('does not see a hidden key, whatever stands there', async () => {
    const run = await load(fused, 'each');
    const feeds = inputs({ sequences: 2, queries: 5, keys: 7 });
    const bias = tensor([2, 1, 1, 7], (s, _head, _query, k) => (k >= 4 + s ? -1e4 : 0));
    const other = (x: PlainTensor) =>
      tensor(x.sizes, (s, k, c) => (at(bias, s, 0, 0, k) === 0 ? at(x, s, k, c) : at(x, s, k, c) + 5));
    const before = await run({ ...feeds, bias });
    const after = await run({ ...feeds, key: other(feeds.key), value: other(feeds.value), bias });
    expect(after.y).toEqual(before.y);
  });

  it('gives finite numbers where every key is hidden', async () => {
    const run = await load(fused, 'each');
    const feeds = inputs({ sequences: 2, queries: 3, keys: 3 });
    const { y } = await run({ ...feeds, bias: tensor([2, 1, 1, 3], () => -1e4) });
    expect(y!.numbers.every(Number.isFinite)).toBe(true);
  });
});

describe('attention in half precision', () => {
  it.each([
    ['plain', false],
    ['fused', true],
  ])('%s agrees with full precision within 1e-2 and hides keys too', async (_, fused) => {
    const run = await load(fused, 'each', 'float16');
    const feeds = inputs({ sequences: 2, queries: 5, keys: 7 });
    const bias = tensor([2, 1, 1, 7], (s, _head, _query, k) => (k >= 4 + s ? -1e4 : 0));
    const { y } = await run({ ...feeds, bias });
    const expected = reference(feeds.query, feeds.key, feeds.value, bias);
    expect(largestDifference(y!.numbers, expected.numbers)).toBeLessThan(1e-2);
  });
});
