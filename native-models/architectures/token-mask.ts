import type { Value } from '../onnx/graph.ts';
import { add, logarithm, scale, subtract } from '../onnx/operators/arithmetic.ts';
import { concat, reshape, sizeOf, zeros } from '../onnx/operators/shapes.ts';

/**
 * Which patch tokens the others may look at, as something added to the scores of attention: `[batch, 1 + tokens, 1]`, CLS
 * first, which is always seen. Every token is computed, seen or not, so a batch keeps one shape whatever is dropped.
 */
export type KeyBias = Value<'float32'>;

/** Added to the attention score of a key that is padding, or was dropped: e^−10000 is 0 in float16 too. */
export const HIDDEN = -1e4;

/**
 * What a gate of 0 lets through, as a share of the attention: far too little to be seen in single precision, and enough
 * for the gradient, which divides by it, to be a number.
 */
const CLOSED = 1e-12;

/** Hides dropped tokens. @param mask `[batch, tokens]`: 1 for a kept token, 0 for a dropped one. */
export function hidingBias(mask: Value<'float32'>): KeyBias {
  return besideClass(scale(subtract(one(mask), mask), HIDDEN));
}

/**
 * Multiplies the attention that each token gets by its gate, and normalises again: the attention masking of DynamicViT (Rao
 * et al. 2021, section 3.3), done by adding log(gate) to the scores. Gates of 1 and 0 give what {@link hidingBias} does; but
 * here there is a gradient by a gate, also by one that is closed: what would come of it if the token were seen.
 *
 * @param gate `[batch, tokens]`, 0 … 1.
 */
export function gatingBias(gate: Value<'float32'>): KeyBias {
  return besideClass(logarithm(add(gate, gate.graph.constant('float32', [1], [CLOSED]))));
}

function besideClass(bias: Value<'float32'>): KeyBias {
  const [batch, tokens] = [sizeOf(bias, 0), sizeOf(bias, 1)];
  const all = concat([zeros(bias.graph, 'float32', [batch, 1]), bias], 1);
  return reshape(all, [batch, tokens.plus(1), 1]);
}

function one(like: Value<'float32'>): Value<'float32'> {
  return like.graph.constant('float32', [1], [1]);
}
