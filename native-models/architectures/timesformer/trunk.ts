import type { TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { cast } from '../../onnx/operators/arithmetic.ts';
import { gather, reshape } from '../../onnx/operators/shapes.ts';
import type { BlockRange, DenseTokens, Fusion } from '../blocks.ts';
import { classLogits, type DenseTrunk, trunkOf } from '../class-head.ts';
import { jointBlocks } from '../joint-blocks.ts';
import type { Parameters } from '../parameters.ts';
import { hidingBias, type KeyBias } from '../token-mask.ts';
import { Transformer } from '../transformer.ts';
import { denseDivided, selectedDivided } from './divided.ts';
import { selectedJoint } from './joint.ts';
import { tokenGrid } from './layout.ts';
import type { DensePath, SelectedOptions, SelectedPath } from './paths.ts';
import { denseSpaceOnly, selectedSpaceOnly } from './space-only.ts';

const DENSE: Record<TimesformerConfig['attention'], DensePath> = {
  joint_space_time: jointBlocks,
  divided_space_time: denseDivided,
  space_only: denseSpaceOnly,
};

const SELECTED: Record<TimesformerConfig['attention'], SelectedPath> = {
  joint_space_time: selectedJoint,
  divided_space_time: selectedDivided,
  space_only: selectedSpaceOnly,
};

/**
 * The second part of a TimeSformer with all tokens, `[batch, 1 + patches·frames, dim]`.
 *
 * @param mask `[batch, patches·frames]`: 1 for a kept patch token, 0 for a dropped one, which is computed all the same
 *   but seen by no other. Costs what the whole model costs, but keeps one shape for any number of kept tokens: made for
 *   training. The logits are those of the gathering trunk. Null for no dropped tokens.
 */
export function denseTrunk<D extends FloatType>(
  config: TimesformerConfig,
  parameters: Parameters<D>,
  tokens: Value<D>,
  mask: Value<'float32'> | null,
  fusion: Fusion,
): DenseTrunk<D> {
  return trunkOf(config, parameters, denseBlocks(config, parameters, tokens, mask && hidingBias(mask), fusion));
}

/**
 * Some of the blocks, or all of them, with all tokens, `[batch, 1 + patches·frames, dim]`.
 *
 * @param keyBias Who may be looked at; null for all.
 */
export function denseBlocks<D extends FloatType>(
  config: TimesformerConfig,
  parameters: Parameters<D>,
  tokens: Value<D>,
  keyBias: KeyBias | null,
  options: Fusion & { readonly range?: BlockRange },
): DenseTokens<D> {
  const hidden = keyBias === null ? {} : { keyBias: cast(keyBias, parameters.dtype) };
  return DENSE[config.attention](config, new Transformer(parameters, config), tokens, { ...options, ...hidden });
}

/**
 * The second part of a TimeSformer with all tokens: input `tokens` `[batch, 1 + patches·frames, dim]` float32, output
 * `logits` `[batch, classes]` float32.
 */
export function addDenseTrunk<D extends FloatType>(
  config: TimesformerConfig,
  parameters: Parameters<D>,
  fusion: Fusion,
): void {
  const { patches, frames } = tokenGrid(config);
  const tokens = parameters.graph.input('tokens', 'float32', ['batch', 1 + patches * frames, config.dim]);
  const { logits } = denseTrunk(config, parameters, cast(tokens, parameters.dtype), null, fusion);
  parameters.graph.output('logits', logits);
}

/**
 * The same with a mask, for forward passes with sampled policies: one input more, `mask` `[batch, patches·frames]`
 * float32, as {@link denseTrunk} wants it.
 */
export function addMaskedTrunk<D extends FloatType>(
  config: TimesformerConfig,
  parameters: Parameters<D>,
  fusion: Fusion,
): void {
  const { patches, frames } = tokenGrid(config);
  const { graph, dtype } = parameters;
  const tokens = graph.input('tokens', 'float32', ['batch', 1 + patches * frames, config.dim]);
  const mask = graph.input('mask', 'float32', ['batch', patches * frames]);
  graph.output('logits', denseTrunk(config, parameters, cast(tokens, dtype), mask, fusion).logits);
}

/**
 * The second part of a TimeSformer with the kept tokens of one view, gathered: what was dropped costs nothing.
 *
 * Inputs are `tokens` `[1, 1 + patches·frames, dim]` float32 and those that `arrangementFeeds` makes of a token
 * arrangement; output `logits` `[1, classes]` float32.
 */
export function addSelectedTrunk<D extends FloatType>(
  config: TimesformerConfig,
  parameters: Parameters<D>,
  options: SelectedOptions,
): void {
  const { patches, frames } = tokenGrid(config);
  const tokens = parameters.graph.input('tokens', 'float32', [1, 1 + patches * frames, config.dim]);
  const rows = reshape(tokens, [1 + patches * frames, config.dim]);
  const transformer = new Transformer(parameters, config);
  const take = (indices: Value<'int64'>) => cast(gather(rows, indices, 0), parameters.dtype);
  const policy = SELECTED[config.attention](config, transformer, take, options);
  parameters.graph.output('logits', classLogits(config, parameters, policy));
}
