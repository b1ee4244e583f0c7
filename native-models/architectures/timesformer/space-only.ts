import { GraphError } from '#contract/errors.ts';
import { cast } from '../../onnx/operators/arithmetic.ts';
import { concat, reshape, sizeOf } from '../../onnx/operators/shapes.ts';
import { blockNumbers } from '../blocks.ts';
import { asRows, firstRows } from '../rows.ts';
import { byFrame, keyBiasInFrames, meanOverFrames, patchMajor, tokenGrid } from './layout.ts';
import type { DensePath, SelectedPath } from './paths.ts';

/** Space-only attention: each frame is an image of its own; the CLS tokens of the frames are averaged at the end. */
export const denseSpaceOnly: DensePath = (config, transformer, tokens, options) => {
  if (options.range !== undefined && options.range.blocks < config.depth) {
    throw new GraphError('Space-only attention has a CLS of each frame between its blocks: they run all at once.');
  }
  const { frames, patches } = tokenGrid(config);
  const batch = sizeOf(tokens, 0);
  const sequences = batch.times(frames);
  const hidden = options.keyBias === undefined ? {} : { keyBias: keyBiasInFrames(options.keyBias, config) };
  let rows = asRows(byFrame(tokens, config));
  for (const block of blockNumbers(config)) {
    rows = transformer.block(block, rows, sequences, 1 + patches, { fused: options.spatial, ...hidden });
  }
  const policy = meanOverFrames(firstRows(rows, sequences, 1 + patches), batch, frames);
  const inFrames = () => patchMajor(reshape(rows, [batch, frames, 1 + patches, config.dim]));
  return { policy, patches: inFrames, all: () => concat([reshape(policy, [batch, 1, config.dim]), inFrames()], 1) };
};

export const selectedSpaceOnly: SelectedPath = (config, transformer, take, options) => {
  const { graph, dtype } = transformer.parameters;
  const { frames } = tokenGrid(config);
  const slots = graph.input('spaceSlots', 'int64', [frames, 'places']);
  const keyBias = cast(graph.input('spaceBias', 'float32', [frames, 1, 1, 'places']), dtype);
  let rows = asRows(take(slots));
  for (let block = 0; block < config.depth; block++) {
    rows = transformer.block(block, rows, frames, 'places', { fused: options.spatial, keyBias });
  }
  return meanOverFrames(firstRows(rows, frames, 'places'), 1, frames);
};
