import { Dim } from '../../onnx/dim.ts';
import { cast } from '../../onnx/operators/arithmetic.ts';
import { concat, reshape, sizeOf, slice } from '../../onnx/operators/shapes.ts';
import { asRows, blockNumbers, firstRows } from './layout.ts';
import type { DensePath, SelectedPath } from './paths.ts';

/** Joint space-time attention: every token attends to all tokens of the clip. */
export const denseJoint: DensePath = (config, transformer, tokens, options) => {
  const batch = sizeOf(tokens, 0);
  const length = sizeOf(tokens, 1);
  const hidden = options.keyBias === undefined ? {} : { keyBias: reshape(options.keyBias, [batch, 1, 1, length]) };
  let rows = asRows(tokens);
  for (const block of blockNumbers(config, options.range)) {
    rows = transformer.block(block, rows, batch, length, { fused: options.spatial, ...hidden });
  }
  const all = () => reshape(rows, tokens.shape);
  return { policy: firstRows(rows, batch, length), patches: () => slice(all(), 1, 1), all };
};

export const selectedJoint: SelectedPath = (config, transformer, take, options) => {
  const { graph, dtype } = transformer.parameters;
  const length = Dim.of(1).plus('kept');
  const keptRows = graph.input('keptRows', 'int64', ['kept']);
  const hidden = options.padded ? { keyBias: cast(graph.input('rowBias', 'float32', [1, 1, 1, length]), dtype) } : {};
  let rows = take(concat([graph.constant('int64', [1], [0]), keptRows], 0));
  for (let block = 0; block < config.depth; block++) {
    rows = transformer.block(block, rows, 1, length, { fused: options.spatial, ...hidden });
  }
  return firstRows(rows, 1, length);
};
