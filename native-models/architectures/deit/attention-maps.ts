import type { DeitConfig } from '../../bundle/manifest.ts';
import type { Value } from '../../onnx/graph.ts';
import { scale } from '../../onnx/operators/arithmetic.ts';
import { reshape, slice } from '../../onnx/operators/shapes.ts';
import { jointRollout } from '../attention-flow.ts';
import { jointBlocks } from '../joint-blocks.ts';
import type { Parameters } from '../parameters.ts';
import { patchCount } from '../patch-embedding.ts';
import { headMean, WatchedTransformer } from '../watched-transformer.ts';
import { stemTokens } from './stem.ts';

/** The block whose attention the paper shows: early blocks look at the object, late ones away from it. */
const SHOWN_BLOCK = 1;

/**
 * How much CLS attends to each patch in the second block, mean over heads: "raw attention" of IA-RED², section 4.3. Input
 * `image` `[1, 3, side, side]`, output `map` `[1, patches]`, scaled so that 1 is what uniform attention would give.
 */
export function addRawAttention(config: DeitConfig, parameters: Parameters<'float32'>): void {
  const { weights } = watchedBlocks(config, parameters, Math.min(config.depth, SHOWN_BLOCK + 1));
  const last = weights.at(-1);
  if (last === undefined) throw new RangeError('A model without blocks attends to nothing.');
  output(config, parameters, slice(slice(headMean(last), 1, 0, 1), 2, 1));
}

/** How much of each patch reaches CLS through all blocks: input, output and scale as {@link addRawAttention}. */
export function addAttentionRollout(config: DeitConfig, parameters: Parameters<'float32'>): void {
  const { weights } = watchedBlocks(config, parameters, config.depth);
  const rolled = jointRollout(parameters.graph, weights.toReversed(), 1 + patchCount(config));
  output(config, parameters, rolled);
}

function watchedBlocks(config: DeitConfig, parameters: Parameters<'float32'>, blocks: number) {
  const image = parameters.graph.input('image', 'float32', [1, 3, config.imageSize, config.imageSize]);
  const transformer = new WatchedTransformer(parameters, config);
  const range = { firstBlock: 0, blocks };
  jointBlocks(config, transformer, stemTokens(config, parameters, image), { spatial: false, temporal: false, range });
  return transformer;
}

/** @param row `[1, 1, patches]`, shares of all tokens. */
function output(config: DeitConfig, { graph }: Parameters<'float32'>, row: Value<'float32'>): void {
  const patches = patchCount(config);
  graph.output('map', scale(reshape(row, [1, patches]), 1 + patches));
}
