import { describe, expect, it } from 'vitest';
import { GraphError } from '#contract/errors.ts';
import { type DimLike, formatShape } from '#native-models/onnx/dim.ts';
import type { DType } from '#native-models/onnx/dtype.ts';
import { Graph, type Value } from '#native-models/onnx/graph.ts';
import {
  add,
  cast,
  clip,
  divide,
  gelu,
  multiply,
  reduceMean,
  reduceSum,
  scale,
  sigmoid,
  subtract,
} from '#native-models/onnx/operators/arithmetic.ts';
import { attention } from '#native-models/onnx/operators/attention.ts';
import { equal, greater, where } from '#native-models/onnx/operators/comparisons.ts';
import { layerNorm, linear, matMul, product, softmax, standardize } from '#native-models/onnx/operators/matrices.ts';
import {
  concat,
  expand,
  gather,
  pad,
  reshape,
  scatterAdd,
  sizeOf,
  slice,
  transpose,
} from '#native-models/onnx/operators/shapes.ts';

const graph = new Graph('shapes');
let inputs = 0;

function tensor<D extends DType = 'float32'>(sizes: readonly DimLike[], dtype = 'float32' as D): Value<D> {
  return graph.input(`input_${inputs++}`, dtype, sizes);
}

const shape = (value: Value) => formatShape(value.shape);

/** The operator refuses, and says which shapes it was given. */
function expectRefusal(build: () => unknown, ...shapes: readonly string[]): void {
  expect(build).toThrow(GraphError);
  for (const text of shapes) expect(build).toThrow(text);
}

describe('element-wise operators', () => {
  it.each([
    [[2, 3], [2, 3], '[2, 3]'],
    [[2, 3], [3], '[2, 3]'],
    [[3], [2, 3], '[2, 3]'],
    [[2, 1], [1, 3], '[2, 3]'],
    [['batch', 4, 1], ['kept'], '[batch, 4, kept]'],
    [['kept'], ['kept'], '[kept]'],
    [[], [2], '[2]'],
  ])('broadcast %j and %j to %s', (a, b, expected) => {
    for (const operator of [add, subtract, multiply, divide]) {
      expect(shape(operator(tensor(a), tensor(b)))).toBe(expected);
    }
  });

  it.each([
    [[2, 3], [2], '[2, 3]', '[2]'],
    [['kept'], ['batch'], '[kept]', '[batch]'],
    [['kept'], [4], '[kept]', '[4]'],
  ])('refuse %j with %j', (a, b, textA, textB) => {
    for (const operator of [add, subtract, multiply, divide]) {
      expectRefusal(() => operator(tensor(a), tensor(b)), textA, textB);
    }
  });

  it('refuse to mix element types', () => {
    expectRefusal(() => add<DType>(tensor([2]), tensor([2], 'float16')), 'Add of float32 and float16');
  });

  it('of one value leave its shape alone', () => {
    const x = tensor(['batch', 3]);
    for (const operator of [sigmoid, gelu, (y: Value<'float32'>) => scale(y, 2)]) {
      expect(shape(operator(x))).toBe('[batch, 3]');
    }
    const half = cast(x, 'float16');
    expect([half.dtype, shape(half)]).toEqual(['float16', '[batch, 3]']);
  });

  it('a cast to the same type is no operator', () => {
    const x = tensor([2]);
    const before = graph.nodes.length;
    expect(cast(x, 'float32')).toBe(x);
    expect(graph.nodes).toHaveLength(before);
  });
});

describe('comparisons and choices', () => {
  it('broadcast', () => {
    const answer = greater(tensor(['batch', 1]), tensor([3]));
    expect([answer.dtype, shape(answer)]).toEqual(['bool', '[batch, 3]']);
    expect(shape(where(answer, tensor([1]), tensor(['frames', 1, 1])))).toBe('[frames, batch, 3]');
  });

  it('refuse what does not fit together', () => {
    const condition = equal(tensor([2]), tensor([2]));
    expectRefusal(() => where(condition, tensor([3]), tensor([1])), '[2], [3], [1]');
    expectRefusal(() => where(condition, tensor([3]), tensor([4])), '[2], [3], [4]');
    expectRefusal(() => where<DType>(condition, tensor([2]), tensor([2], 'int64')), 'float32 and int64');
    expectRefusal(() => clip(tensor([2]), 1, 0), 'at least 1');
  });
});

describe('reductions', () => {
  it('leave a one, or nothing, where they reduced', () => {
    const x = tensor(['batch', 3, 4]);
    for (const reduce of [reduceMean, reduceSum]) {
      expect(shape(reduce(x, [1]))).toBe('[batch, 1, 4]');
      expect(shape(reduce(x, [1], false))).toBe('[batch, 4]');
      expect(shape(reduce(x, [0, -1], false))).toBe('[3]');
    }
  });

  it('refuse axes that are not there, and no axes at all', () => {
    for (const reduce of [reduceMean, reduceSum]) {
      expectRefusal(() => reduce(tensor([2, 3]), [2]), '[2, 3]', 'no axis 2');
      expectRefusal(() => reduce(tensor([2, 3]), []), '[2, 3]');
    }
  });
});

describe('reshape', () => {
  it('keeps the number of elements', () => {
    expect(shape(reshape(tensor(['batch', 12]), ['batch', 3, 4]))).toBe('[batch, 3, 4]');
    expect(shape(reshape(tensor(['a', 'b', 3]), ['b', 'a', 3]))).toBe('[b, a, 3]');
  });

  it('works out the rest', () => {
    expect(shape(reshape(tensor(['batch', 4, 6]), ['rest', 6]))).toBe('[4·batch, 6]');
    expect(shape(reshape(tensor([2, 12]), [3, 'rest', 2]))).toBe('[3, 4, 2]');
  });

  it('refuses sizes that do not fit', () => {
    expectRefusal(() => reshape(tensor([2, 3]), [4]), '[2, 3]', '[4]', '6 elements');
    expectRefusal(() => reshape(tensor(['batch', 3]), ['kept', 3]), '[batch, 3]', '[kept, 3]');
    expectRefusal(() => reshape(tensor([2, 3]), [4, 'rest']), '[2, 3]', '[4, rest]');
    expectRefusal(() => reshape(tensor([4, 4]), ['rest', 'rest']), '[4, 4]', '[rest, rest]');
  });
});

describe('transpose', () => {
  it('moves the axes', () => {
    expect(shape(transpose(tensor(['batch', 3, 'kept']), [2, 0, 1]))).toBe('[kept, batch, 3]');
  });

  it.each([[[0]], [[0, 0]], [[0, 2]], [[0, -1]], [[0, 1, 2]]])('refuses %j as the order of two axes', (order) => {
    expectRefusal(() => transpose(tensor([2, 3]), order), '[2, 3]', `[${order.join(', ')}]`);
  });
});

describe('concat', () => {
  it('adds the sizes along its axis', () => {
    expect(shape(concat([tensor([1]), tensor(['kept'])], 0))).toBe('[1 + kept]');
    expect(shape(concat([tensor(['batch', 2, 3]), tensor(['batch', 5, 3])], -2))).toBe('[batch, 7, 3]');
  });

  it('refuses parts that differ elsewhere', () => {
    expectRefusal(() => concat([tensor([2, 3]), tensor([2, 4])], 0), '[2, 3]', '[2, 4]');
    expectRefusal(() => concat([tensor([2]), tensor([2, 2])], 0), '[2]', '[2, 2]');
    expectRefusal(() => concat([tensor([2, 2]), tensor([2])], 0), '[2]', '[2, 2]');
    expectRefusal(() => concat<DType>([tensor([2]), tensor([2], 'int64')], 0), 'float32 and int64');
    expectRefusal(() => concat([], 0), 'Nothing');
  });
});

describe('slice', () => {
  it('takes a part of an axis', () => {
    const x = tensor(['batch', 5, 'kept']);
    expect(shape(slice(x, 1, 1, 3))).toBe('[batch, 2, kept]');
    expect(shape(slice(x, 1, 1))).toBe('[batch, 4, kept]');
    expect(shape(slice(x, -1, 0, 1))).toBe('[batch, 5, 1]');
    expect(shape(slice(tensor([sizeOf(x, 2).plus(1)]), 0, 1))).toBe('[kept]');
  });

  it.each([
    [3, 2],
    [-1, 2],
    [0, 6],
    [6, undefined],
    [-1, undefined],
  ])('refuses %j:%j of five', (start, end) => {
    expectRefusal(() => slice(tensor([2, 5]), 1, start, end), '[2, 5]', `${start}:`);
  });
});

describe('pad', () => {
  it('adds to the size of its axis', () => {
    expect(shape(pad(tensor(['batch', 3]), -1, 1, 'kept'))).toBe('[batch, 4 + kept]');
  });
});

describe('scatter', () => {
  it('replaces the axis that was gathered', () => {
    expect(shape(scatterAdd(tensor([2, 'kept', 8]), tensor(['kept'], 'int64'), 1, 5))).toBe('[2, 5, 8]');
  });

  it('refuses another number of indices', () => {
    expectRefusal(() => scatterAdd(tensor([2, 8]), tensor([3], 'int64'), 0, 5), '[3]', '[2, 8]');
    expectRefusal(() => scatterAdd(tensor([2, 8]), tensor([2, 1], 'int64'), 0, 5), '[2, 1]', '[2, 8]');
  });
});

describe('gather', () => {
  it('puts the shape of the indices in place of the axis', () => {
    const indices = tensor(['positions', 'moments'], 'int64');
    expect(shape(gather(tensor(['kept', 8]), indices, 0))).toBe('[positions, moments, 8]');
    expect(shape(gather(tensor([2, 'kept', 8]), indices, 1))).toBe('[2, positions, moments, 8]');
  });

  it('refuses an axis that is not there', () => {
    expectRefusal(() => gather(tensor([2, 3]), tensor([1], 'int64'), 2), '[2, 3]');
  });
});

describe('expand', () => {
  it('repeats axes of size one', () => {
    expect(shape(expand(tensor([1, 3, 1]), ['batch', 3, 4]))).toBe('[batch, 3, 4]');
  });

  it('refuses other axes and other ranks', () => {
    expectRefusal(() => expand(tensor([2, 3]), [4, 3]), '[2, 3]', '[4, 3]');
    expectRefusal(() => expand(tensor([3]), [2, 3]), '[3]', '[2, 3]');
  });
});

describe('matrix products', () => {
  it('multiply the last two axes and broadcast those before', () => {
    expect(shape(matMul(tensor(['batch', 'kept', 4]), tensor([4, 5])))).toBe('[batch, kept, 5]');
    expect(shape(matMul(tensor(['batch', 3, 1, 4]), tensor([3, 4, 6])))).toBe('[batch, 3, 1, 6]');
  });

  it('refuse sizes that do not meet', () => {
    expectRefusal(() => matMul(tensor([2, 3]), tensor([2, 3])), '[2, 3] by [2, 3]');
    expectRefusal(() => matMul(tensor([3]), tensor([3, 2])), '[3] by [3, 2]');
    expectRefusal(() => matMul(tensor([2, 4, 3]), tensor([5, 3, 4])), '[2, 4, 3] by [5, 3, 4]');
    expectRefusal(() => matMul<'float16' | 'float32'>(tensor([2, 2]), tensor([2, 2], 'float16')), 'float16');
  });
});

describe('a product of two matrices', () => {
  it('takes each of them as it is or transposed', () => {
    expect(shape(product(tensor(['rows', 3]), tensor([3, 5])))).toBe('[rows, 5]');
    expect(shape(product(tensor(['rows', 3]), tensor(['rows', 5]), { a: true }))).toBe('[3, 5]');
    expect(shape(product(tensor(['rows', 3]), tensor([5, 3]), { b: true }))).toBe('[rows, 5]');
  });

  it('refuses sizes that do not meet', () => {
    expectRefusal(() => product(tensor([2, 3]), tensor([5, 3])), '[2, 3] by [5, 3]');
    expectRefusal(() => product(tensor([2, 3]), tensor([3, 5]), { a: true }), '[2, 3]ᵀ by [3, 5]');
    expectRefusal(() => product(tensor([2, 3]), tensor([2, 3, 5])), '[2, 3] by [2, 3, 5]');
  });
});

describe('a linear layer', () => {
  it('turns rows of its input size into rows of its output size', () => {
    expect(shape(linear(tensor(['rows', 3]), tensor([5, 3]), tensor([5])))).toBe('[rows, 5]');
    expect(shape(linear(tensor(['rows', 3]), tensor([5, 3]), null))).toBe('[rows, 5]');
  });

  it.each([
    [[2, 3], [3, 5], [3]],
    [[2, 3], [5, 3], [3]],
    [
      [2, 3],
      [5, 3],
      [1, 5],
    ],
    [[1, 2, 3], [5, 3], [5]],
    [[2, 3], [5, 3, 1], [5]],
  ])('refuses rows %j with weight %j and bias %j', (x, weight, bias) => {
    const texts = [x, weight, bias].map((sizes) => `[${sizes.join(', ')}]`);
    expectRefusal(() => linear(tensor(x), tensor(weight), tensor(bias)), ...texts);
  });
});

describe('normalisations', () => {
  it('leave the shape alone', () => {
    expect(shape(layerNorm(tensor(['rows', 4]), tensor([4]), tensor([4]), 1e-6))).toBe('[rows, 4]');
    expect(shape(softmax(tensor(['rows', 4]), -1))).toBe('[rows, 4]');
  });

  it('tell by how much they divided', () => {
    const { normalised, inverseDeviation } = standardize(tensor(['batch', 3, 4], 'float16'), 1e-6);
    expect([normalised.dtype, shape(normalised)]).toEqual(['float16', '[batch, 3, 4]']);
    expect([inverseDeviation.dtype, shape(inverseDeviation)]).toEqual(['float32', '[batch, 3, 1]']);
    expectRefusal(() => standardize(tensor([2, 'dim']), 1e-6), '[2, dim]');
  });

  it('refuse parameters of another size, and name the one', () => {
    expectRefusal(() => layerNorm(tensor([2, 4]), tensor([3]), tensor([4]), 1e-6), '[3]', '[2, 4]');
    expectRefusal(() => layerNorm(tensor([2, 4]), tensor([4]), tensor([5]), 1e-6), '[5]', '[2, 4]');
    expectRefusal(() => layerNorm(tensor([2, 4]), tensor([4, 2]), tensor([4]), 1e-6), '[4, 2]', '[2, 4]');
    expectRefusal(() => softmax(tensor([2, 4]), 2), '[2, 4]');
  });
});

describe.each([true, false])('attention, fused: %s', (fused) => {
  const of = (query: DimLike[], key: DimLike[], value: DimLike[], heads: number, bias?: DimLike[]) =>
    attention({
      query: tensor(query),
      key: tensor(key),
      value: tensor(value),
      heads,
      fused,
      ...(bias === undefined ? {} : { keyBias: tensor(bias) }),
    });

  it('has one row for each query', () => {
    const keys = ['batch', 'keys', 6];
    expect(shape(of(['batch', 'queries', 6], keys, keys, 3))).toBe('[batch, queries, 6]');
    expect(shape(of(['batch', 'queries', 6], keys, keys, 3, ['batch', 1, 1, 'keys']))).toBe('[batch, queries, 6]');
    expect(shape(of(['batch', 'queries', 6], keys, keys, 3, [1, 1, 1, 'keys']))).toBe('[batch, queries, 6]');
    expect(shape(of(['batch', 'queries', 6], keys, keys, 3, [1, 1, 'queries', 'keys']))).toBe('[batch, queries, 6]');
  });

  it('refuses what does not belong together', () => {
    expectRefusal(() => of([2, 5, 6], [2, 5, 6], [2, 5, 6], 4), '4 heads', '[2, 5, 6]');
    expectRefusal(() => of([2, 5, 6], [2, 5, 6], [2, 4, 6], 3), '[2, 5, 6]', '[2, 4, 6]');
    expectRefusal(() => of([2, 5, 6], [3, 5, 6], [3, 5, 6], 3), '[2, 5, 6]', '[3, 5, 6]');
    expectRefusal(() => of([2, 5, 6], [2, 5, 3], [2, 5, 3], 3), '[2, 5, 6]', '[2, 5, 3]');
    expectRefusal(() => of([2, 5, 'dim'], [2, 5, 'dim'], [2, 5, 'dim'], 3), '[2, 5, dim]');
    expectRefusal(() => of([5, 6], [5, 6], [5, 6], 3), '[5, 6]');
    expectRefusal(() => of([2, 5, 6], [2, 5, 6], [2, 5, 6], 3, [2, 1, 1, 4]), '[2, 1, 1, 4]');
    expectRefusal(() => of([2, 5, 6], [2, 5, 6], [2, 5, 6], 3, [2, 1, 4, 5]), '[2, 1, 4, 5]');
    expectRefusal(() => of([2, 5, 6], [2, 5, 6], [2, 5, 6], 3, [2, 3, 1, 5]), '[2, 3, 1, 5]');
  });
});
