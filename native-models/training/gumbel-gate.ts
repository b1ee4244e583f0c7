import type { Value } from '../onnx/graph.ts';
import { add, cast, clip, logarithm, scale, sigmoid, subtract } from '../onnx/operators/arithmetic.ts';
import { greater } from '../onnx/operators/comparisons.ts';
import type { RandomStream } from './random-stream.ts';

/** Keeps the logits finite where a probability has become 0 or 1. */
const LEAST_PROBABILITY = 1e-6;

/**
 * What {@link gumbelGate} draws with: log U − log(1 − U) for uniform U, the logistic distribution, which is that of the
 * difference of two Gumbel variables (Maddison et al. 2017, section 3.1).
 */
export function gumbelNoise(random: RandomStream, count: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: count }, () => {
    // The middle of one of 2³² intervals: never 0, never 1.
    const uniform = (random.bits() + 0.5) / 2 ** 32;
    return Math.log(uniform) - Math.log1p(-uniform);
  });
}

/** A draw of tokens through which gradients go. */
export interface GumbelGate {
  /** `[batch, tokens]`: 1 for a kept token, 0 for a dropped one; its gradient is that of {@link soft}. */
  readonly gate: Value<'float32'>;
  /** `[batch, tokens]`, between 0 and 1. */
  readonly soft: Value<'float32'>;
  /** What counts as a constant when gradients are made: without it the gate has none. */
  readonly held: readonly Value[];
}

/**
 * Straight-through Gumbel softmax (Jang, Gu, Poole 2017, section 2.2) of the two classes keep, with logit log p, and drop,
 * log(1 − p). A softmax of two is a sigmoid of their difference:
 *
 * `soft = sigmoid((log p − log(1 − p) + noise) / temperature)`, `hard = 1[soft > ½]`, `gate = hard + soft − held(soft)`.
 *
 * Whatever the temperature, hard is 1 with probability p.
 *
 * @param probabilities `[batch, tokens]`.
 * @param noise Of the same shape, as {@link gumbelNoise} makes it.
 */
export function gumbelGate(probabilities: Value<'float32'>, noise: Value<'float32'>, temperature: number): GumbelGate {
  const number = (value: number) => probabilities.graph.constant('float32', [1], [value]);
  const p = clip(probabilities, LEAST_PROBABILITY, 1 - LEAST_PROBABILITY);
  const logits = subtract(logarithm(p), logarithm(subtract(number(1), p)));
  const soft = sigmoid(scale(add(logits, noise), 1 / temperature));
  // Exact in floating point: soft is above ½ where it is to become 1.
  const rest = subtract(cast(greater(soft, number(0.5)), 'float32'), soft);
  return { gate: add(soft, rest), soft, held: [rest] };
}
