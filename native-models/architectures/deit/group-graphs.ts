import type { DeitConfig, Selection } from '../../bundle/manifest.ts';
import { Dim } from '../../onnx/dim.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { cast } from '../../onnx/operators/arithmetic.ts';
import { concat, gather, reshape } from '../../onnx/operators/shapes.ts';
import type { BlockRange, Fusion } from '../blocks.ts';
import { classLogits } from '../class-head.ts';
import { interpreterScores } from '../interpreter.ts';
import { jointBlocks } from '../joint-blocks.ts';
import type { Parameters } from '../parameters.ts';
import { Transformer } from '../transformer.ts';
import { stemTokens } from './stem.ts';

/** A DeiT whose groups run one after another, each on the tokens that are kept at its entry. */
export interface DeitGroups {
  readonly config: DeitConfig;
  /** `null` without interpreters: then all blocks are one group. */
  readonly selection: Selection | null;
}

export function groupsOf({ config, selection }: DeitGroups): readonly BlockRange[] {
  return selection?.groups ?? [{ firstBlock: 0, blocks: config.depth }];
}

/**
 * What comes before the first group: input `image` `[batch, 3, side, side]`; outputs `tokens` `[batch, 1 + patches, dim]`
 * float32 and, with interpreters, `scores` `[batch, 1 + patches]`.
 */
export function addEntry<D extends FloatType>(
  deit: DeitGroups,
  parameters: Parameters<D>,
  interpreterParameters: Parameters<'float32'>,
): void {
  const { graph } = parameters;
  const tokens = cast(stemTokens(deit.config, parameters, imageInput(deit.config, parameters)), 'float32');
  graph.output('tokens', tokens);
  addScores(deit, interpreterParameters, tokens, 0);
}

export interface GroupOptions extends Fusion {
  /** True when there is padding among the kept rows. */
  readonly padded: boolean;
}

/**
 * One group on the tokens of one image that are kept, gathered: what was dropped costs nothing.
 *
 * Inputs are `entered` `[1, present, dim]` float32, the tokens at its entry with CLS first, and what `rowFeeds` makes of the
 * rows that are kept. The output of the last group is `logits` `[1, classes]`; those of the others are `tokens`
 * `[1, 1 + kept, dim]` float32, and `scores` `[1, 1 + kept]` of the next interpreter.
 */
export function addGroup<D extends FloatType>(
  deit: DeitGroups,
  group: number,
  parameters: Parameters<D>,
  interpreterParameters: Parameters<'float32'>,
  { padded, ...fusion }: GroupOptions,
): void {
  const { config } = deit;
  const { graph, dtype } = parameters;
  const groups = groupsOf(deit);
  const length = Dim.of(1).plus('kept');
  const entered = graph.input('entered', 'float32', [1, 'present', config.dim]);
  const rows = concat([graph.constant('int64', [1], [0]), graph.input('keptRows', 'int64', ['kept'])], 0);
  const kept = cast(gather(entered, rows, 1), dtype);
  const bias = padded ? graph.input('rowBias', 'float32', [1, 1, 1, length]) : null;
  const { policy, all } = jointBlocks(config, new Transformer(parameters, config), kept, {
    ...fusion,
    ...(groups[group] === undefined ? {} : { range: groups[group] }),
    ...(bias === null ? {} : { keyBias: cast(reshape(bias, [1, length, 1]), dtype) }),
  });
  if (group === groups.length - 1) {
    graph.output('logits', classLogits(config, parameters, policy));
    return;
  }
  const tokens = cast(all(), 'float32');
  graph.output('tokens', tokens);
  addScores(deit, interpreterParameters, tokens, group + 1);
}

/** The whole model on all tokens: input `image` `[batch, 3, side, side]`, output `logits` `[batch, classes]`. */
export function addWhole<D extends FloatType>(config: DeitConfig, parameters: Parameters<D>, fusion: Fusion): void {
  const tokens = stemTokens(config, parameters, imageInput(config, parameters));
  const { policy } = jointBlocks(config, new Transformer(parameters, config), tokens, fusion);
  parameters.graph.output('logits', classLogits(config, parameters, policy));
}

function imageInput({ imageSize }: DeitConfig, { graph }: Parameters<FloatType>): Value<'float32'> {
  return graph.input('image', 'float32', ['batch', 3, imageSize, imageSize]);
}

function addScores(
  { selection }: DeitGroups,
  parameters: Parameters<'float32'>,
  tokens: Value<'float32'>,
  group: number,
): void {
  if (selection === null) return;
  const scores = interpreterScores(parameters, tokens, `interpreter.${group}.qk`, selection.heads);
  parameters.graph.output('scores', scores);
}
