import { Dim } from '../../onnx/dim.ts';
import { cast } from '../../onnx/operators/arithmetic.ts';
import { concat } from '../../onnx/operators/shapes.ts';
import { firstRows } from '../rows.ts';
import type { SelectedPath } from './paths.ts';

/** Joint space-time attention on the kept tokens: every one attends to all of them. */
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
