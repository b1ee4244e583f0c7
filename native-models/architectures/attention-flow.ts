import type { FloatType } from '../onnx/dtype.ts';
import type { Graph, Value } from '../onnx/graph.ts';
import { add, scale } from '../onnx/operators/arithmetic.ts';
import { matMul } from '../onnx/operators/matrices.ts';
import { slice } from '../onnx/operators/shapes.ts';
import { headMean } from './watched-transformer.ts';

/**
 * How much of each token reaches CLS through attentions over all tokens (attention rollout, Abnar and Zuidema 2020).
 *
 * Only the row of CLS is asked for, so it is carried from the last block to the first: a product of a row and a matrix
 * each, instead of one of matrices. Adding the identity to a matrix whose rows sum to 1, and normalising again, halves
 * both: see {@link through}.
 *
 * @param weights The last block's first, each `[batch, heads, length, length]`.
 * @returns `[batch, 1, length − 1]`: without CLS.
 */
export function jointRollout(graph: Graph, weights: readonly Value<FloatType>[], length: number): Value<'float32'> {
  return slice(weights.reduce(throughHeads, startOf(graph, [1, 1, length], 1)), 2, 1);
}

/** `row · (weights + 1) / 2`: half goes through the attention and half beside it, over the residual connection. */
export function through(row: Value<'float32'>, weights: Value<'float32'>): Value<'float32'> {
  return scale(add(matMul(row, weights), row), 0.5);
}

/**
 * The same with weights of every head, which a row passes through in the mean.
 *
 * The mean is added to the graph only now, between the row before and the row after: of what a product waits for,
 * onnxruntime computes first what was added last. Means that were there before the rows would be put off until the rows have
 * come to them, and the weights of all heads of all blocks would be in memory at the same time: 1.4 GB in a base model.
 */
export function throughHeads(row: Value<'float32'>, weights: Value<FloatType>): Value<'float32'> {
  return through(row, headMean(weights));
}

/** Rows, `[…, length]`, in which the first token has `share` and the others nothing. */
export function startOf(graph: Graph, sizes: readonly number[], share: number): Value<'float32'> {
  const length = sizes.at(-1) ?? 1;
  const rows = sizes.reduce((product, size) => product * size, 1) / length;
  const numbers = Array.from({ length: rows * length }, (_, at) => (at % length === 0 ? share : 0));
  return graph.constant('float32', sizes, numbers);
}
