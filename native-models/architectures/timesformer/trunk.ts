import type { TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { cast } from '../../onnx/operators/arithmetic.ts';
import { gather, reshape } from '../../onnx/operators/shapes.ts';
import type { Parameters } from '../parameters.ts';
import { Transformer } from '../transformer.ts';
import { denseDivided, selectedDivided } from './divided.ts';
import { denseJoint, selectedJoint } from './joint.ts';
import { tokenGrid } from './layout.ts';
import type { DensePath, Fusion, SelectedOptions, SelectedPath } from './paths.ts';
import { denseSpaceOnly, selectedSpaceOnly } from './space-only.ts';

const DENSE: Record<TimesformerConfig['attention'], DensePath> = {
  joint_space_time: denseJoint,
  divided_space_time: denseDivided,
  space_only: denseSpaceOnly,
};

const SELECTED: Record<TimesformerConfig['attention'], SelectedPath> = {
  joint_space_time: selectedJoint,
  divided_space_time: selectedDivided,
  space_only: selectedSpaceOnly,
};

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
  const transformer = new Transformer(parameters, config);
  const policy = DENSE[config.attention](config, transformer, cast(tokens, parameters.dtype), fusion);
  addLogits(config, transformer, policy);
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
  addLogits(config, transformer, SELECTED[config.attention](config, transformer, take, options));
}

function addLogits<D extends FloatType>(
  config: TimesformerConfig,
  transformer: Transformer<D>,
  policy: Value<D>,
): void {
  const logits = transformer.linear('head', transformer.norm('norm', policy), config.dim, config.classes);
  transformer.parameters.graph.output('logits', cast(logits, 'float32'));
}
