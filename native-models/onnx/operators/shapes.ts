import { GraphError } from '#contract/errors.ts';
import { Dim, type DimLike, elements, formatShape, type Shape, sameShape, shapeOf } from '../dim.ts';
import type { DType, FloatType } from '../dtype.ts';
import type { Attribute, Graph, Value } from '../graph.ts';

/** Operators that move elements without computing: reshape, transpose, concat, slice, pad, gather, scatter, expand. */

const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value });
export const int = (value: number): Attribute => ({ kind: 'int', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });

/** The only output of an operator that has one. */
export function one<D extends DType>(values: readonly Value[]): Value<D> {
  return values[0] as Value<D>;
}

/** `axis` counted from the front; throws {@link GraphError} when the value has no such axis. */
export function axisOf(value: Value, axis: number): number {
  const rank = value.shape.length;
  const positive = axis < 0 ? axis + rank : axis;
  if (!Number.isInteger(positive) || positive < 0 || positive >= rank) {
    throw new GraphError(`${value.name} ${formatShape(value.shape)} has no axis ${axis}.`);
  }
  return positive;
}

/** Throws {@link GraphError} unless all values have one element type; TypeScript alone would take their union. */
export function requireOneType(operator: string, values: readonly Value[]): void {
  const types = [...new Set(values.map((value) => value.dtype))];
  if (types.length > 1) throw new GraphError(`${operator} of ${types.join(' and ')}: cast one of them first.`);
}

/** The size of `axis`. */
export function sizeOf(value: Value, axis: number): Dim {
  return value.shape[axisOf(value, axis)] as Dim;
}

/**
 * The same elements in the same order under another shape. At most one size may be `'rest'`, which takes what the
 * others leave.
 *
 * @throws GraphError when the numbers of elements differ.
 */
export function reshape<D extends DType>(x: Value<D>, sizes: readonly (DimLike | 'rest')[]): Value<D> {
  const total = elements(x.shape);
  const known = sizes.filter((size) => size !== 'rest').map(Dim.of);
  let shape = known;
  if (known.length < sizes.length) {
    const rest = known.length === sizes.length - 1 ? total.dividedBy(elements(known)) : undefined;
    if (rest === undefined) throw new GraphError(`Cannot reshape ${formatShape(x.shape)} to [${sizes.join(', ')}].`);
    shape = sizes.map((size) => (size === 'rest' ? rest : Dim.of(size)));
  }
  if (!elements(shape).equals(total)) {
    throw new GraphError(`Cannot reshape ${formatShape(x.shape)} (${total} elements) to ${formatShape(shape)}.`);
  }
  return one(x.graph.add('Reshape', [x, shapeValue(x.graph, shape, x.shape)], [{ dtype: x.dtype, shape }]));
}

/** Axis `i` of the result is axis `order[i]` of `x`. */
export function transpose<D extends DType>(x: Value<D>, order: readonly number[]): Value<D> {
  const isOrder = order.length === x.shape.length && x.shape.every((_, axis) => order.includes(axis));
  if (!isOrder) throw new GraphError(`[${order.join(', ')}] is no order of the axes of ${formatShape(x.shape)}.`);
  const shape = order.map((axis) => sizeOf(x, axis));
  return one(x.graph.add('Transpose', [x], [{ dtype: x.dtype, shape }], { perm: ints(order) }));
}

/** The parts one after another along `axis`; the other axes must agree. */
export function concat<D extends DType>(parts: readonly Value<D>[], axis: number): Value<D> {
  const [first] = parts;
  if (first === undefined) throw new GraphError('Nothing to concatenate.');
  requireOneType('Concat', parts);
  const along = axisOf(first, axis);
  const fits = (part: Value) =>
    part.shape.length === first.shape.length &&
    part.shape.every((dim, i) => i === along || dim.equals(sizeOf(first, i)));
  if (!parts.every(fits)) {
    throw new GraphError(`Cannot join ${parts.map((p) => formatShape(p.shape)).join(' and ')} along axis ${axis}.`);
  }
  const length = parts.reduce((sum, part) => sum.plus(sizeOf(part, along)), Dim.of(0));
  const shape = first.shape.map((dim, i) => (i === along ? length : dim));
  return one(first.graph.add('Concat', parts, [{ dtype: first.dtype, shape }], { axis: int(along) }));
}

/** Elements `start` up to, not including, `end` along `axis`; `end` may be left out for the rest. */
export function slice<D extends DType>(x: Value<D>, axis: number, start: DimLike, end?: DimLike): Value<D> {
  const along = axisOf(x, axis);
  const size = sizeOf(x, along);
  const isNegative = typeof start === 'number' && start < 0;
  const [first, last] = [isNegative ? size : Dim.of(start), Dim.of(end ?? size)];
  // Named sizes are compared as far as they cancel out; the rest shows when the graph runs.
  const parts = [last.minus(first), size.minus(last)];
  if (isNegative || parts.some(({ constant }) => constant !== undefined && constant < 0)) {
    throw new GraphError(`Cannot slice ${start}:${end ?? ''} from axis ${axis} of ${formatShape(x.shape)}.`);
  }
  const shape = x.shape.map((dim, i) => (i === along ? last.minus(first) : dim));
  const bound = (dim: Dim) => shapeValue(x.graph, [dim], []);
  const untilEnd = x.graph.constant('int64', [1], [Number.MAX_SAFE_INTEGER]);
  const axisValue = x.graph.constant('int64', [1], [along]);
  const inputs = [x, bound(first), end === undefined ? untilEnd : bound(last), axisValue];
  return one(x.graph.add('Slice', inputs, [{ dtype: x.dtype, shape }]));
}

/** `x` between `before` and `after` zeros along `axis`: what {@link slice} took out, put back. */
export function pad<D extends FloatType>(x: Value<D>, axis: number, before: DimLike, after: DimLike): Value<D> {
  const along = axisOf(x, axis);
  const around = shapeOf([before, after]);
  const shape = x.shape.map((dim, i) => (i === along ? around.reduce((sum, size) => sum.plus(size), dim) : dim));
  const zero = x.graph.constant(x.dtype, [], [0]);
  const inputs = [x, shapeValue(x.graph, around, []), zero, x.graph.constant('int64', [1], [along])];
  return one(x.graph.add('Pad', inputs, [{ dtype: x.dtype, shape }]));
}

/** Zeros of any shape. */
export function zeros<D extends DType>(graph: Graph, dtype: D, sizes: readonly DimLike[]): Value<D> {
  return expand(graph.constant(dtype, new Array<number>(sizes.length).fill(1), [0]), sizes);
}

/** Slices of `x` along `axis` in the order of `indices` (int64): result shape is x with that axis replaced. */
export function gather<D extends DType>(x: Value<D>, indices: Value<'int64'>, axis: number): Value<D> {
  const along = axisOf(x, axis);
  const shape = [...x.shape.slice(0, along), ...indices.shape, ...x.shape.slice(along + 1)];
  return one(x.graph.add('Gather', [x, indices], [{ dtype: x.dtype, shape }], { axis: int(along) }));
}

/**
 * The opposite of {@link gather}: zeros of size `size` along `axis`, to which slice i of `x` is added at `indices[i]`
 * (int64, one axis); what comes to the same place is summed.
 */
export function scatterAdd<D extends FloatType>(
  x: Value<D>,
  indices: Value<'int64'>,
  axis: number,
  size: DimLike,
): Value<D> {
  const along = axisOf(x, axis);
  if (!sameShape(indices.shape, [sizeOf(x, along)])) {
    throw new GraphError(`Indices ${formatShape(indices.shape)} do not place axis ${axis} of ${formatShape(x.shape)}.`);
  }
  const shape = x.shape.map((dim, i) => (i === along ? Dim.of(size) : dim));
  const atEach = reshape(
    indices,
    x.shape.map((dim, i) => (i === along ? dim : 1)),
  );
  // ScatterElements, since ScatterND adds from several threads at once.
  const inputs = [zeros(x.graph, x.dtype, shape), expand(atEach, x.shape), x];
  const attributes = { axis: int(along), reduction: { kind: 'string', value: 'add' } } as const;
  return one(x.graph.add('ScatterElements', inputs, [{ dtype: x.dtype, shape }], attributes));
}

/** `x` repeated along its axes of size 1 until it has `sizes`. */
export function expand<D extends DType>(x: Value<D>, sizes: readonly DimLike[]): Value<D> {
  const shape = shapeOf(sizes);
  const fits =
    shape.length === x.shape.length && x.shape.every((dim, i) => dim.equals(1) || dim.equals(shape[i] as Dim));
  if (!fits) throw new GraphError(`Cannot repeat ${formatShape(x.shape)} to ${formatShape(shape)}.`);
  return one(x.graph.add('Expand', [x, shapeValue(x.graph, shape, [])], [{ dtype: x.dtype, shape }]));
}

/** A shape as an int64 tensor: a constant where the sizes allow it, else computed from the inputs' sizes. */
function shapeValue(graph: Graph, shape: Shape, from: Shape): Value<'int64'> {
  // ONNX Reshape: 0 copies the size at the same place, one -1 takes what is left.
  const copied = shape.map((dim, i) => dim.constant ?? (from[i]?.equals(dim) ? 0 : -1));
  const open = copied.filter((size) => size === -1).length;
  if (open === 0 || (open === 1 && from.length > 0)) return graph.constant('int64', [shape.length], copied);
  return concat(
    shape.map((dim) => dimValue(graph, dim)),
    0,
  );
}

/** A size as an int64 tensor of shape [1], computed while the graph runs. */
export function dimValue(graph: Graph, dim: Dim): Value<'int64'> {
  const number = (n: number) => graph.constant('int64', [1], [n]);
  const scalar = { dtype: 'int64', shape: shapeOf([1]) } as const;
  let sum: Value<'int64'> | undefined;
  for (const { coefficient, symbols } of dim.terms) {
    let product: Value<'int64'> = number(coefficient);
    for (const symbol of symbols) {
      const { input, axis } = graph.sourceOf(symbol);
      const size = graph.add('Shape', [input], [scalar], { start: int(axis), end: int(axis + 1) });
      product = one(graph.add('Mul', [product, one(size)], [scalar]));
    }
    sum = sum === undefined ? product : one(graph.add('Add', [sum, product], [scalar]));
  }
  return sum ?? number(0);
}
