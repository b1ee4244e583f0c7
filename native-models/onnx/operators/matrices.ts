import { GraphError } from '#contract/errors.ts';
import { Dim, formatShape, sameShape } from '../dim.ts';
import type { FloatType } from '../dtype.ts';
import type { Value } from '../graph.ts';
import { broadcast } from './arithmetic.ts';
import { axisOf, float, int, one, requireOneType, sizeOf } from './shapes.ts';

/** Matrix products, and the two normalisations that transformers are made of. */

/** `a · b` over the last two axes, `[…, m, k] · […, k, n] → […, m, n]`; the axes before are broadcast. */
export function matMul<D extends FloatType>(a: Value<D>, b: Value<D>): Value<D> {
  requireOneType('MatMul', [a, b]);
  const areMatrices = a.shape.length >= 2 && b.shape.length >= 2 && sizeOf(a, -1).equals(sizeOf(b, -2));
  const before = areMatrices ? broadcast(a.shape.slice(0, -2), b.shape.slice(0, -2)) : undefined;
  if (before === undefined) {
    throw new GraphError(`Cannot multiply ${formatShape(a.shape)} by ${formatShape(b.shape)}.`);
  }
  const shape = [...before, sizeOf(a, -2), sizeOf(b, -1)];
  return one(a.graph.add('MatMul', [a, b], [{ dtype: a.dtype, shape }]));
}

/**
 * A fully connected layer: `x · weightᵀ + bias`, `[rows, in] → [rows, out]`.
 *
 * @param weight `[out, in]`, as PyTorch stores it.
 * @param bias `[out]`, or null for none.
 */
export function linear<D extends FloatType>(x: Value<D>, weight: Value<D>, bias: Value<D> | null): Value<D> {
  requireOneType('Gemm', bias === null ? [x, weight] : [x, weight, bias]);
  const fits =
    x.shape.length === 2 &&
    weight.shape.length === 2 &&
    sizeOf(x, 1).equals(sizeOf(weight, 1)) &&
    (bias === null || (bias.shape.length === 1 && sizeOf(bias, 0).equals(sizeOf(weight, 0))));
  if (!fits) {
    const parts = [x, weight, ...(bias === null ? [] : [bias])].map((v) => `${v.name} ${formatShape(v.shape)}`);
    throw new GraphError(`A linear layer cannot be made of ${parts.join(', ')}.`);
  }
  const shape: readonly Dim[] = [sizeOf(x, 0), sizeOf(weight, 0)];
  const inputs = bias === null ? [x, weight] : [x, weight, bias];
  return one(x.graph.add('Gemm', inputs, [{ dtype: x.dtype, shape }], { transB: int(1) }));
}

/**
 * The product of two matrices, either of them transposed first: `[m, k] · [k, n] → [m, n]`. Unlike a transposition
 * and a product, it never lays a transposed matrix out in memory.
 */
export function product<D extends FloatType>(
  a: Value<D>,
  b: Value<D>,
  transposed: { readonly a?: boolean; readonly b?: boolean } = {},
): Value<D> {
  requireOneType('Gemm', [a, b]);
  const [rows, inner] = transposed.a ? [1, 0] : [0, 1];
  const [innerB, columns] = transposed.b ? [1, 0] : [0, 1];
  const areMatrices = a.shape.length === 2 && b.shape.length === 2;
  if (!areMatrices || !sizeOf(a, inner).equals(sizeOf(b, innerB))) {
    const text = (x: Value, flag = false) => `${formatShape(x.shape)}${flag ? 'ᵀ' : ''}`;
    throw new GraphError(`Cannot multiply ${text(a, transposed.a)} by ${text(b, transposed.b)}.`);
  }
  const attributes = { transA: int(transposed.a ? 1 : 0), transB: int(transposed.b ? 1 : 0) };
  return one(
    a.graph.add('Gemm', [a, b], [{ dtype: a.dtype, shape: [sizeOf(a, rows), sizeOf(b, columns)] }], attributes),
  );
}

/** e^x over its sum along `axis`. */
export function softmax<D extends FloatType>(x: Value<D>, axis: number): Value<D> {
  return one(x.graph.add('Softmax', [x], [{ dtype: x.dtype, shape: x.shape }], { axis: int(axisOf(x, axis)) }));
}

/** The logarithm of {@link softmax}, without underflow. */
export function logSoftmax<D extends FloatType>(x: Value<D>, axis: number): Value<D> {
  return one(x.graph.add('LogSoftmax', [x], [{ dtype: x.dtype, shape: x.shape }], { axis: int(axisOf(x, axis)) }));
}

/** Zero mean and unit variance over the last axis, then `· gain + bias` (Ba, Kiros, Hinton 2016). */
export function layerNorm<D extends FloatType>(x: Value<D>, gain: Value<D>, bias: Value<D>, eps: number): Value<D> {
  requireOneType('LayerNormalization', [x, gain, bias]);
  for (const parameter of [gain, bias]) {
    if (!sameShape(parameter.shape, [sizeOf(x, -1)])) {
      throw new GraphError(
        `${parameter.name} ${formatShape(parameter.shape)} cannot normalise ${formatShape(x.shape)}.`,
      );
    }
  }
  const attributes = { axis: int(-1), epsilon: float(eps) };
  return one(x.graph.add('LayerNormalization', [x, gain, bias], [{ dtype: x.dtype, shape: x.shape }], attributes));
}

/**
 * Zero mean and unit variance over the last axis, and what was done to get there: for the gradient of
 * {@link layerNorm}.
 *
 * @returns `normalised` as `x`; `inverseDeviation` `[…, 1]` float32, 1/√(variance + eps).
 */
export function standardize<D extends FloatType>(
  x: Value<D>,
  eps: number,
): { readonly normalised: Value<D>; readonly inverseDeviation: Value<'float32'> } {
  const size = sizeOf(x, -1).constant;
  if (size === undefined) throw new GraphError(`Cannot normalise ${formatShape(x.shape)}: how long is its last axis?`);
  const filled = (number: number) => x.graph.constant(x.dtype, [size], new Array<number>(size).fill(number));
  const each = { dtype: 'float32', shape: [...x.shape.slice(0, -1), Dim.of(1)] } as const;
  const attributes = { axis: int(-1), epsilon: float(eps) };
  const outputs = x.graph.add(
    'LayerNormalization',
    [x, filled(1), filled(0)],
    [{ dtype: x.dtype, shape: x.shape }, each, each],
    attributes,
  );
  return { normalised: outputs[0] as Value<D>, inverseDeviation: outputs[2] as Value<'float32'> };
}
