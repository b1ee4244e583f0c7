import type { Value } from '../onnx/graph.ts';
import {
  add,
  clip,
  logarithm,
  multiply,
  negate,
  reduceMean,
  reduceSum,
  scale,
  subtract,
} from '../onnx/operators/arithmetic.ts';

/** The policy gradient (IA-RED², section 3.3) as nodes of a graph: a policy keeps token i with probability p_i. */

/** Keeps logarithms finite where a probability has become 0 or 1. */
const LEAST_PROBABILITY = 1e-6;

/**
 * The REINFORCE loss: −A·log π(u), mean over the batch. Its gradient is that of the expected reward, negated.
 *
 * @param probabilities `[batch, tokens]`: the scores of the patch tokens, without CLS.
 * @param draw `[batch, tokens]`: 1 for a token that was kept, 0 for one that was dropped.
 * @param advantage `[batch]`: what the draw earned beyond its baseline.
 */
export function policyLoss(
  probabilities: Value<'float32'>,
  draw: Value<'float32'>,
  advantage: Value<'float32'>,
): Value<'float32'> {
  return negate(reduceMean(multiply(advantage, logLikelihood(probabilities, draw)), [0], false));
}

/** log π(u) = Σ log(p·u + (1 − p)·(1 − u)) over the tokens: `[batch]`. */
export function logLikelihood(probabilities: Value<'float32'>, draw: Value<'float32'>): Value<'float32'> {
  const kept = multiply(probabilities, draw);
  const dropped = multiply(oneMinus(probabilities), oneMinus(draw));
  return reduceSum(safeLogarithm(add(kept, dropped)), [1], false);
}

/** Σ −p·log p − (1 − p)·log(1 − p) over the tokens, `[batch]`: a bonus for it keeps a policy exploring. */
export function policyEntropy(probabilities: Value<'float32'>): Value<'float32'> {
  const part = (p: Value<'float32'>) => multiply(p, safeLogarithm(p));
  return negate(reduceSum(add(part(probabilities), part(oneMinus(probabilities))), [1], false));
}

/** p → α·p + (1 − α)·(1 − p): no token is sure to be kept or dropped (BlockDrop, Wu et al. 2018, section 3.3). */
export function boundProbabilities(probabilities: Value<'float32'>, alpha: number): Value<'float32'> {
  return add(scale(probabilities, alpha), scale(oneMinus(probabilities), 1 - alpha));
}

function oneMinus(x: Value<'float32'>): Value<'float32'> {
  return subtract(x.graph.constant('float32', [1], [1]), x);
}

function safeLogarithm(x: Value<'float32'>): Value<'float32'> {
  return logarithm(clip(x, LEAST_PROBABILITY, 1));
}
