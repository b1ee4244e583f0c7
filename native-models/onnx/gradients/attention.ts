import type { Dim } from '../dim.ts';
import { add, multiply, reduceSum, scale, subtract } from '../operators/arithmetic.ts';
import { matMul, softmax } from '../operators/matrices.ts';
import { reshape, sizeOf, transpose } from '../operators/shapes.ts';
import { type Floats, type GradientRule, inputOf, integerOf, numberOf, outputOf, unbroadcast } from './rule.ts';

/**
 * The gradient of fused attention. The weights are computed again instead of being kept: one product more, and no
 * `[heads, queries, keys]` tensor has to wait for the way back (Dao et al. 2022, section 3.1).
 */
export const ATTENTION_RULES: Readonly<Record<string, GradientRule>> = {
  MultiHeadAttention: (node, gradient) => {
    const [query, key, value] = [inputOf(node, 0), inputOf(node, 1), inputOf(node, 2)];
    const heads = integerOf(node, 'num_heads');
    const factor = numberOf(node, 'scale');
    const [q, k, v] = [byHead(scale(query, factor), heads), byHead(key, heads), byHead(value, heads)];
    const change = byHead(gradient, heads);
    const products = matMul(q, turned(k));
    const bias = node.inputs[5] ?? null;
    const weights = softmax(bias === null ? products : add(products, inputOf(node, 5)), -1);
    // Σ over keys of weight · its gradient, from the short side: it equals Σ over channels of output · gradient.
    const total = reduceSum(multiply(change, byHead(outputOf(node), heads)), [-1]);
    const ofScores = multiply(weights, subtract(matMul(change, turned(v)), total));
    return [
      () => scale(together(matMul(ofScores, k), query), factor),
      () => together(matMul(turned(ofScores), q), key),
      () => together(matMul(turned(weights), change), value),
      null,
      null,
      () => unbroadcast(ofScores, inputOf(node, 5).shape),
    ];
  },
};

/** `[sequences, length, dim] → [sequences, heads, length, dim / heads]`. */
function byHead(x: Floats, heads: number): Floats {
  const headDim = sizeOf(x, 2).dividedBy(heads) as Dim;
  return transpose(reshape(x, [sizeOf(x, 0), sizeOf(x, 1), heads, headDim]), [0, 2, 1, 3]);
}

/** The opposite of {@link byHead}: heads side by side again, in the shape of `like`. */
function together(x: Floats, like: Floats): Floats {
  return reshape(transpose(x, [0, 2, 1, 3]), like.shape);
}

/** The last two axes swapped; onnxruntime folds it into the product that follows. */
function turned(x: Floats): Floats {
  return transpose(x, [0, 1, 3, 2]);
}
