import { GraphError } from '#contract/errors.ts';
import type { Value } from '../onnx/graph.ts';
import { add, multiply, reduceMean, reduceSum, scale, sigmoid } from '../onnx/operators/arithmetic.ts';
import { layerNorm, linear, matMul } from '../onnx/operators/matrices.ts';
import { reshape, sizeOf, slice, transpose } from '../onnx/operators/shapes.ts';
import { motionEnergy } from './motion-energy.ts';
import type { Parameters } from './parameters.ts';

/** eps of `torch.nn.functional.layer_norm`, which the released tool calls without weights. */
const LAYER_NORM_EPS = 1e-5;

/** What a motion-aware interpreter has besides. */
export interface MotionInput {
  /** `interpreter.G.motion`, weight `[dim, dim]`: keys of motion. */
  readonly name: string;
  readonly frames: number;
}

/**
 * The multi-head interpreter (IA-RED², section 3.2; details from the released tool): how much each token matters.
 *
 * `I_i = mean over heads of sigmoid(q_CLS · k_i / √(dim/heads))` with `q, k` linear in the normalised tokens. The keys
 * are never formed: `q·(W z_i + b) = (Wᵀq)·z_i + q·b`, which turns N·dim² products into N·dim·heads.
 *
 * A motion-aware interpreter (beyond the paper) sees how the token changes, too: `k_i = W z_i + M e_i + b`, with the motion
 * energy `e_i` of `z` ({@link motionEnergy}). Normalised tokens are compared, so that what counts as much motion does not
 * depend on how large a model's tokens are; their difference is not normalised again, or little would count like much.
 *
 * @param tokens `[batch, 1 + patches·frames, dim]`, the policy token (CLS) first. Always float32: a threshold cuts here.
 * @param name `interpreter.G.qk`, weight `[2·dim, dim]` (queries, then keys) and bias `[2·dim]`.
 * @returns `[batch, 1 + patches·frames]`, 0 … 1.
 */
export function interpreterScores(
  parameters: Parameters<'float32'>,
  tokens: Value<'float32'>,
  name: string,
  heads: number,
  motion?: MotionInput,
): Value<'float32'> {
  const dim = sizeOf(tokens, -1).constant;
  if (dim === undefined || dim % heads !== 0) {
    throw new GraphError(`${heads} interpreter heads do not divide tokens of ${sizeOf(tokens, -1)} numbers.`);
  }
  const headDim = dim / heads;
  const { graph } = parameters;
  const ones = graph.constant('float32', [dim], new Array<number>(dim).fill(1));
  const zeros = graph.constant('float32', [dim], new Array<number>(dim).fill(0));
  const normalised = layerNorm(tokens, ones, zeros, LAYER_NORM_EPS);

  const policy = reshape(slice(normalised, 1, 0, 1), [sizeOf(tokens, 0), dim]);
  const queryWeight = parameters.part(`${name}.weight`, 0, [dim, dim]);
  const query = linear(policy, queryWeight, parameters.part(`${name}.bias`, 0, [dim]));
  const byHead = reshape(query, ['rest', heads, 1, headDim]);

  const keyWeight = parameters.part(`${name}.weight`, dim * dim, [heads, headDim, dim]);
  const keyBias = parameters.part(`${name}.bias`, dim, [heads, 1, headDim]);
  const offset = reshape(reduceSum(multiply(byHead, keyBias), [-1]), ['rest', 1, heads]);

  /** `q·(keys row)` of every row and head, `[batch, rows, heads]`. */
  const products = (keys: Value<'float32'>, rows: Value<'float32'>) => {
    const direction = reshape(matMul(byHead, keys), ['rest', heads, dim]);
    return matMul(rows, transpose(direction, [0, 2, 1]));
  };
  let logits = add(products(keyWeight, normalised), offset);
  if (motion !== undefined) {
    const motionWeight = parameters.get(`${motion.name}.weight`, [heads, headDim, dim]);
    logits = add(logits, products(motionWeight, motionEnergy(normalised, motion.frames)));
  }
  return reduceMean(sigmoid(scale(logits, 1 / Math.sqrt(headDim))), [-1], false);
}
