import { GraphError } from '#contract/errors.ts';
import { Dim, elements, type Shape } from '../dim.ts';
import type { FloatType } from '../dtype.ts';
import type { GraphNode, Value } from '../graph.ts';
import { reduceSum } from '../operators/arithmetic.ts';
import { matMul } from '../operators/matrices.ts';
import { expand, reshape } from '../operators/shapes.ts';

/** A value that the loss can depend on smoothly. */
export type Floats = Value<FloatType>;

/**
 * How the gradient of an operator's first output becomes the gradients of its inputs, in their order. `null` for an
 * input without one (indices, conditions, shapes); inputs at the end may be left out. Called only for inputs whose
 * gradient somebody wants, so nothing else is added to the graph.
 *
 * Rules read forward values through `node.inputs` and `node.outputs` alone. To recompute activations instead of keeping
 * them, the walk would hand a rule a node over the recomputed values.
 */
export type GradientRule = (node: GraphNode, gradient: Floats) => readonly ((() => Floats) | null)[];

/** Input `index` of `node`. */
export function inputOf(node: GraphNode, index: number): Floats {
  const value = node.inputs[index];
  if (value === null || value === undefined) throw new GraphError(`${node.operator} has no input ${index}.`);
  return value as Floats;
}

/** The first output of `node`. */
export function outputOf(node: GraphNode): Floats {
  return node.outputs[0] as Floats;
}

/** The whole number that `node` has as its attribute `name`. */
export function integerOf(node: GraphNode, name: string, absent?: number): number {
  const attribute = node.attributes[name];
  if (attribute?.kind === 'int') return attribute.value;
  if (attribute === undefined && absent !== undefined) return absent;
  throw new GraphError(`${node.operator} has no whole number "${name}".`);
}

/** The number that `node` has as its attribute `name`. */
export function numberOf(node: GraphNode, name: string): number {
  const attribute = node.attributes[name];
  if (attribute?.kind !== 'float') throw new GraphError(`${node.operator} has no number "${name}".`);
  return attribute.value;
}

/** The numbers of input `index` of `node`, which must be a constant of the graph. */
export function constantOf(node: GraphNode, index: number): readonly number[] {
  const value = node.inputs[index];
  const numbers = value ? value.graph.numbersOf(value) : undefined;
  if (numbers === undefined) throw new GraphError(`Input ${index} of ${node.operator} is no constant of the graph.`);
  return numbers;
}

/** `gradient` of a broadcast value, summed over its copies: back to `shape`. */
export function unbroadcast(gradient: Floats, shape: Shape): Floats {
  const added = gradient.shape.length - shape.length;
  const repeated = gradient.shape.flatMap((dim, axis) => {
    const own = shape[axis - added] ?? Dim.of(1);
    return own.equals(dim) ? [] : [axis];
  });
  if (repeated.length === 0) return added === 0 ? gradient : reshape(gradient, shape);
  // Repeated along the first axes alone, as the bias and the gain of a layer are.
  const [rows, columns] = [gradient.shape.slice(0, repeated.length), gradient.shape.slice(repeated.length)];
  const areRows = repeated.every((axis, i) => axis === i) && columns.length > 0;
  return reshape(
    areRows ? sumOfRows(gradient, elements(rows), elements(columns)) : reduceSum(gradient, repeated),
    shape,
  );
}

/** Sums as a product with ones: on the CPU twice as fast as a reduction of the first axis (onnxruntime 1.30). */
function sumOfRows(x: Floats, rows: Dim, columns: Dim): Floats {
  const one: Floats = x.graph.constant(x.dtype, [1, 1], [1]);
  return matMul(expand(one, [1, rows]), reshape(x, [rows, columns]));
}
