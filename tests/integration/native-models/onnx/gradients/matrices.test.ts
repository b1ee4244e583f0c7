import { describe, it } from 'vitest';
import { attention } from '#native-models/onnx/operators/attention.ts';
import { layerNorm, linear, logSoftmax, matMul, product, softmax } from '#native-models/onnx/operators/matrices.ts';
import { randomTensor, tensor } from '../../plain-tensor.ts';
import { expectGradients } from './finite-differences.ts';

describe('the gradient of a matrix product', () => {
  it.each([
    [
      [2, 3],
      [3, 4],
    ],
    [
      [2, 2, 3],
      [2, 3, 1],
    ],
    [
      [2, 2, 3],
      [3, 2],
    ],
    [
      [2, 3],
      [2, 3, 2],
    ],
    [
      [2, 1, 2, 3],
      [3, 3, 2],
    ],
    [
      [1, 2, 3],
      [2, 3, 2],
    ],
  ])('is that of differences: %j times %j', (sizesA, sizesB) =>
    expectGradients({ a: randomTensor(sizesA, 1), b: randomTensor(sizesB, 2) }, ({ a, b }) => matMul(a!, b!)),
  );

  it('works for a named number of matrices and of rows', () =>
    expectGradients({ a: randomTensor([2, 3, 2], 1), b: randomTensor([1, 2, 2], 2) }, ({ a, b }) => matMul(a!, b!), {
      a: ['batch', 'length', 2],
    }));

  it.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('with transposed factors (%s, %s)', (a, b) => {
    const inputs = {
      left: randomTensor(a ? [3, 2] : [2, 3], 1),
      right: randomTensor(b ? [4, 3] : [3, 4], 2),
    };
    return expectGradients(inputs, ({ left, right }) => product(left!, right!, { a, b }));
  });
});

describe('the gradient of', () => {
  const layer = { x: randomTensor([3, 4], 1), weight: randomTensor([2, 4], 2) };

  it('a linear layer', () =>
    expectGradients({ ...layer, bias: randomTensor([2], 3) }, ({ x, weight, bias }) => linear(x!, weight!, bias!)));

  it('a linear layer without bias', () =>
    expectGradients(layer, ({ x, weight }) => linear(x!, weight!, null), { x: ['rows', 4] }));

  it.each([0, 1, -1])('softmax and its logarithm along axis %d', async (axis) => {
    const inputs = { x: randomTensor([2, 3, 4], 4) };
    await expectGradients(inputs, ({ x }) => softmax(x!, axis));
    await expectGradients(inputs, ({ x }) => logSoftmax(x!, axis));
  });

  it.each([1e-6, 1e-1])('layer normalisation with epsilon %d', (eps) =>
    expectGradients(
      {
        x: tensor([2, 3, 5], (i, j, k) => Math.sin(7 * i + 3 * j + 2 * k) * 2 + i),
        gain: randomTensor([5], 5),
        bias: randomTensor([5], 6),
      },
      ({ x, gain, bias }) => layerNorm(x!, gain!, bias!, eps),
      { x: ['batch', 3, 5] },
    ),
  );
});

describe.each([
  ['plain', false],
  ['fused', true],
])('the gradient of %s attention', (_, fused) => {
  const heads = 2;
  const inputs = {
    query: randomTensor([2, 3, 4], 7),
    key: randomTensor([2, 5, 4], 8),
    value: randomTensor([2, 5, 4], 9),
  };

  it('is that of differences', () =>
    expectGradients(inputs, ({ query, key, value }) =>
      attention({ query: query!, key: key!, value: value!, heads, fused }),
    ));

  it.each([
    [1, 1],
    [2, 1],
    [2, 3],
  ])('also for a bias of the keys (%d sequences, %d queries)', (rows, queries) =>
    expectGradients({ ...inputs, keyBias: randomTensor([rows, 1, queries, 5], 10) }, ({ query, key, value, keyBias }) =>
      attention({ query: query!, key: key!, value: value!, keyBias: keyBias!, heads, fused }),
    ),
  );

  it('works for named sizes', () =>
    expectGradients(
      inputs,
      ({ query, key, value }) => attention({ query: query!, key: key!, value: value!, heads, fused }),
      { query: ['batch', 'queries', 4], key: ['batch', 'keys', 4], value: ['batch', 'keys', 4] },
    ));
});
