import type { TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { cast, reduceMean, scale } from '../../onnx/operators/arithmetic.ts';
import { linear, matMul, softmax } from '../../onnx/operators/matrices.ts';
import { concat, expand, reshape, sizeOf, slice, transpose } from '../../onnx/operators/shapes.ts';
import type { Parameters } from '../parameters.ts';
import { asRows } from '../rows.ts';
import { Transformer } from '../transformer.ts';
import { overTime } from './divided.ts';
import { tokenGrid } from './layout.ts';

/**
 * How much CLS attends to each patch token in the first block, mean over heads: input `tokens`
 * `[batch, 1 + patches·frames, dim]`, output `saliency` `[batch, patches·frames]` float32, scaled so that 1 is what
 * uniform attention would give.
 */
export function addSaliency<D extends FloatType>(config: TimesformerConfig, parameters: Parameters<D>): void {
  const { graph, dtype } = parameters;
  const { dim } = config;
  const { patches, frames } = tokenGrid(config);
  const tokens = cast(graph.input('tokens', 'float32', ['batch', 1 + patches * frames, dim]), dtype);
  const transformer = new Transformer(parameters, config);
  const batch = sizeOf(tokens, 0);
  const seen = config.attention === 'divided_space_time' ? afterFirstTime(config, transformer, tokens) : tokens;
  const logits = policyLogits(config, transformer, seen);

  const oneSequence = config.attention === 'joint_space_time';
  const weights = oneSequence ? slice(softmax(logits, 1), 1, 1) : perFrameWeights(config, logits);
  const keys = oneSequence ? 1 + patches * frames : 1 + patches;
  const relative = scale(cast(reduceMean(weights, [-1], false), 'float32'), keys);
  graph.output('saliency', reshape(relative, [batch, patches * frames]));
}

/**
 * CLS query times every key, `[batch, 1 + patches·frames, heads]`. As in the interpreter the keys are never formed;
 * their bias adds the same number to every logit of a head, which the softmax takes away.
 */
function policyLogits<D extends FloatType>(
  config: TimesformerConfig,
  transformer: Transformer<D>,
  tokens: Value<D>,
): Value<D> {
  const { dim, heads } = config;
  const { parameters } = transformer;
  const headDim = dim / heads;
  const normalised = reshape(transformer.norm('blocks.0.norm1', asRows(tokens)), tokens.shape);
  const policy = asRows(slice(normalised, 1, 0, 1));
  const queryWeight = parameters.part('blocks.0.attn.qkv.weight', 0, [dim, dim]);
  const query = linear(policy, queryWeight, parameters.part('blocks.0.attn.qkv.bias', 0, [dim]));
  const keyWeight = parameters.part('blocks.0.attn.qkv.weight', dim * dim, [heads, headDim, dim]);
  const direction = reshape(matMul(reshape(query, ['rest', heads, 1, headDim]), keyWeight), ['rest', heads, dim]);
  return scale(matMul(normalised, transpose(direction, [0, 2, 1])), 1 / Math.sqrt(headDim));
}

/** Attention within each frame: `[batch, 1 + patches·frames, heads] → [batch, patches, frames, heads]`. */
function perFrameWeights<D extends FloatType>(config: TimesformerConfig, logits: Value<D>): Value<D> {
  const { patches, frames } = tokenGrid(config);
  const batch = sizeOf(logits, 0);
  const { heads } = config;
  const policy = expand(reshape(slice(logits, 1, 0, 1), [batch, 1, 1, heads]), [batch, 1, frames, heads]);
  const grid = reshape(slice(logits, 1, 1), [batch, patches, frames, heads]);
  return slice(softmax(concat([policy, grid], 1), 1), 1, 1);
}

/** Divided attention looks at space after the first look over time. */
function afterFirstTime<D extends FloatType>(
  config: TimesformerConfig,
  transformer: Transformer<D>,
  tokens: Value<D>,
): Value<D> {
  const { patches, frames } = tokenGrid(config);
  const batch = sizeOf(tokens, 0);
  const moved = overTime(config, transformer, 0, asRows(slice(tokens, 1, 1)), (qkv) =>
    transformer.attend(qkv, batch.times(patches), frames, { fused: false }),
  );
  return concat([slice(tokens, 1, 0, 1), reshape(moved, [batch, patches * frames, config.dim])], 1);
}
