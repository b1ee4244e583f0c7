import type { TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Graph, Value } from '../../onnx/graph.ts';
import { cast, reduceMean, scale } from '../../onnx/operators/arithmetic.ts';
import { concat, expand, reshape, sizeOf, slice, transpose } from '../../onnx/operators/shapes.ts';
import { jointRollout, startOf, through, throughHeads } from '../attention-flow.ts';
import type { Parameters } from '../parameters.ts';
import { headMean } from '../watched-transformer.ts';
import { tokenGrid } from './layout.ts';
import { watchedAttention } from './watched-attention.ts';

/**
 * How much of each patch token reaches CLS through all blocks (attention rollout, Abnar and Zuidema 2020; for divided
 * attention with the temporal row of CLS taken for the identity, and its copies averaged over the frames): input `tokens`
 * `[batch, 1 + patches·frames, dim]`, output `rollout` `[batch, patches·frames]` float32, scaled so that 1 is what an
 * even mixture of all tokens would give.
 */
export function addRollout<D extends FloatType>(config: TimesformerConfig, parameters: Parameters<D>): void {
  const { graph, dtype } = parameters;
  const { patches, frames } = tokenGrid(config);
  const tokens = cast(graph.input('tokens', 'float32', ['batch', 1 + patches * frames, config.dim]), dtype);
  const { weights } = watchedAttention(config, parameters, tokens);
  const reached = ROLLOUTS[config.attention](config, graph, weights.toReversed());
  graph.output('rollout', scale(reached, 1 + patches * frames));
}

/** From the weights of the attentions, the last first, to what reaches CLS: `[batch, patches·frames]`. */
type Rollout = (config: TimesformerConfig, graph: Graph, weights: readonly Value<FloatType>[]) => Value<'float32'>;

const joint: Rollout = (config, graph, weights) => {
  const { patches, frames } = tokenGrid(config);
  return reshape(jointRollout(graph, weights, 1 + patches * frames), ['rest', patches * frames]);
};

const spaceOnly: Rollout = (config, graph, weights) => {
  const { patches, frames } = tokenGrid(config);
  const row = weights.reduce(throughHeads, startOf(graph, [1, 1, 1 + patches], 1 / frames));
  return patchMajorRow(reshape(slice(row, 2, 1), ['rest', frames, 1, patches]));
};

const divided: Rollout = (config, graph, weights) => {
  const { patches, frames } = tokenGrid(config);
  const length = 1 + patches;
  // The row as one of each frame, `[batch, frames, 1, 1 + patches]`.
  let row = startOf(graph, [1, frames, 1, length], 1 / frames);
  for (let at = 0; at + 1 < weights.length; at += 2) {
    const [space, time] = [weights[at], weights[at + 1]];
    if (space === undefined || time === undefined) continue;
    const policy = slice(row, 3, 0, 1);
    const shared = expand(reduceMean(policy, [1]), policy.shape);
    const even = concat([shared, slice(row, 3, 1)], 3);
    const inSpace = through(even, reshape(headMean(space), ['rest', frames, length, length]));

    const batch = sizeOf(inSpace, 0);
    const byPatch = transpose(slice(inSpace, 3, 1), [0, 3, 2, 1]);
    const inTime = through(byPatch, reshape(headMean(time), [batch, patches, frames, frames]));
    row = concat([slice(inSpace, 3, 0, 1), transpose(inTime, [0, 3, 2, 1])], 3);
  }
  return patchMajorRow(slice(row, 3, 1));
};

const ROLLOUTS: Record<TimesformerConfig['attention'], Rollout> = {
  joint_space_time: joint,
  space_only: spaceOnly,
  divided_space_time: divided,
};

/** `[batch, frames, 1, patches] → [batch, patches·frames]`, the frame fastest. */
function patchMajorRow(row: Value<'float32'>): Value<'float32'> {
  const [frames, patches] = [sizeOf(row, 1), sizeOf(row, 3)];
  return reshape(transpose(row, [0, 3, 2, 1]), [sizeOf(row, 0), patches.times(frames)]);
}
