import { GraphError } from '#contract/errors.ts';
import { Dim, formatShape, type Shape } from '../dim.ts';
import { DTYPES, type DType, type FloatType } from '../dtype.ts';
import type { Value } from '../graph.ts';
import { axisOf, int, one, requireOneType } from './shapes.ts';

/** Element by element: sums and products with broadcasting, activations, casts; and reductions. */

/** `a + b`, broadcast. */
export const add = <D extends DType>(a: Value<D>, b: Value<D>): Value<D> => binary('Add', a, b, a.dtype);
/** `a − b`, broadcast. */
export const subtract = <D extends DType>(a: Value<D>, b: Value<D>): Value<D> => binary('Sub', a, b, a.dtype);
/** `a · b`, broadcast. */
export const multiply = <D extends DType>(a: Value<D>, b: Value<D>): Value<D> => binary('Mul', a, b, a.dtype);
/** `a / b`, broadcast. */
export const divide = <D extends DType>(a: Value<D>, b: Value<D>): Value<D> => binary('Div', a, b, a.dtype);

/** `x · factor`. */
export function scale<D extends FloatType>(x: Value<D>, factor: number): Value<D> {
  return multiply(x, x.graph.constant(x.dtype, [1], [factor]));
}

/** 1 / (1 + e^−x). */
export const sigmoid = <D extends FloatType>(x: Value<D>): Value<D> => unary('Sigmoid', x);

/** Exact Gaussian error linear unit, x·Φ(x) with the error function (Hendrycks and Gimpel 2016). */
export const gelu = <D extends FloatType>(x: Value<D>): Value<D> => unary('Gelu', x);

/** −x. */
export const negate = <D extends FloatType>(x: Value<D>): Value<D> => unary('Neg', x);

/** e^x. */
export const exponential = <D extends FloatType>(x: Value<D>): Value<D> => unary('Exp', x);

/** The natural logarithm. */
export const logarithm = <D extends FloatType>(x: Value<D>): Value<D> => unary('Log', x);

/** √x. */
export const squareRoot = <D extends FloatType>(x: Value<D>): Value<D> => unary('Sqrt', x);

/** The error function, 2/√π · ∫₀ˣ e^−t² dt. */
export const errorFunction = <D extends FloatType>(x: Value<D>): Value<D> => unary('Erf', x);

/** log(1 + e^x), without overflow for large x. */
export const softplus = <D extends FloatType>(x: Value<D>): Value<D> => unary('Softplus', x);

/** `x`, but at least `least` and at most `most`. */
export function clip<D extends FloatType>(x: Value<D>, least: number, most: number): Value<D> {
  if (!(least <= most)) throw new GraphError(`Nothing can be at least ${least} and at most ${most}.`);
  const bound = (number: number) => x.graph.constant(x.dtype, [], [number]);
  return one(x.graph.add('Clip', [x, bound(least), bound(most)], [{ dtype: x.dtype, shape: x.shape }]));
}

/** The same numbers in another element type; `x` itself when it already has it. */
export function cast<D extends DType>(x: Value, dtype: D): Value<D> {
  if (x.dtype === dtype) return x as Value<D>;
  return one(x.graph.add('Cast', [x], [{ dtype, shape: x.shape }], { to: int(DTYPES[dtype].onnx) }));
}

/** Mean over `axes`, which stay as size 1 unless `keep` is false. */
export function reduceMean<D extends FloatType>(x: Value<D>, axes: readonly number[], keep = true): Value<D> {
  return reduce('ReduceMean', x, axes, keep);
}

/** Sum over `axes`, which stay as size 1 unless `keep` is false. */
export function reduceSum<D extends FloatType>(x: Value<D>, axes: readonly number[], keep = true): Value<D> {
  return reduce('ReduceSum', x, axes, keep);
}

/** The shape of `a` and `b` under NumPy broadcasting; undefined when they do not fit together. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const shape: Dim[] = [];
  for (let i = 0; i < rank; i++) {
    const x = a[a.length - rank + i] ?? Dim.of(1);
    const y = b[b.length - rank + i] ?? Dim.of(1);
    if (!x.equals(y) && !x.equals(1) && !y.equals(1)) return undefined;
    shape.push(x.equals(1) ? y : x);
  }
  return shape;
}

/** An operator of two values, broadcast. */
export function binary<D extends DType>(operator: string, a: Value, b: Value, dtype: D): Value<D> {
  requireOneType(operator, [a, b]);
  const shape = broadcast(a.shape, b.shape);
  if (shape === undefined) {
    throw new GraphError(
      `${operator}: shapes ${formatShape(a.shape)} and ${formatShape(b.shape)} do not fit together.`,
    );
  }
  return one(a.graph.add(operator, [a, b], [{ dtype, shape }]));
}

function unary<D extends DType>(operator: string, x: Value<D>): Value<D> {
  return one(x.graph.add(operator, [x], [{ dtype: x.dtype, shape: x.shape }]));
}

function reduce<D extends FloatType>(operator: string, x: Value<D>, axes: readonly number[], keep: boolean): Value<D> {
  const over = axes.map((axis) => axisOf(x, axis));
  // ONNX would take no axes for all axes.
  if (over.length === 0) throw new GraphError(`${operator} of ${formatShape(x.shape)} over no axis.`);
  const shape = x.shape.flatMap((dim, i) => (!over.includes(i) ? [dim] : keep ? [Dim.of(1)] : []));
  const axesValue = x.graph.constant('int64', [over.length], over);
  // Opset 18 turned the axes of both reductions into an input.
  return one(x.graph.add(operator, [x, axesValue], [{ dtype: x.dtype, shape }], { keepdims: int(keep ? 1 : 0) }));
}
