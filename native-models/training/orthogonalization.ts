import type { Graph, Value } from '../onnx/graph.ts';
import { add, divide, multiply, reduceSum, scale, squareRoot } from '../onnx/operators/arithmetic.ts';
import { matMul } from '../onnx/operators/matrices.ts';
import { transpose } from '../onnx/operators/shapes.ts';

/** Of the quintic polynomial that brings singular values near one fast (Jordan et al. 2024). */
const [A, B, C] = [3.4445, -4.775, 2.0315];
const ROUNDS = 5;

/**
 * The matrices nearest to `x` whose singular values are all the same, about: between 0.7 and 1.2, by five rounds of the
 * Newton-Schulz iteration of Muon (Jordan et al. 2024), `X ← a·X + (b·XXᵀ + c·(XXᵀ)²)·X` from `X/‖X‖`.
 *
 * @param x `[matrices, rows, columns]`, no more rows than columns.
 */
export function orthogonalized(graph: Graph, x: Value<'float32'>): Value<'float32'> {
  const length = squareRoot(reduceSum(multiply(x, x), [1, 2]));
  let near = divide(x, add(length, graph.constant('float32', [1], [1e-7])));
  for (let round = 0; round < ROUNDS; round++) {
    const square = matMul(near, transpose(near, [0, 2, 1]));
    const polynomial = add(scale(square, B), scale(matMul(square, square), C));
    near = add(scale(near, A), matMul(polynomial, near));
  }
  return near;
}
