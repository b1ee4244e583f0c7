import { GraphError } from '#contract/errors.ts';
import type { Dim } from '../onnx/dim.ts';
import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import { reshape, sizeOf, slice } from '../onnx/operators/shapes.ts';
import { blockNumbers, type DenseOptions, type DenseTokens } from './blocks.ts';
import { asRows, firstRows } from './rows.ts';
import type { Transformer } from './transformer.ts';

/** Blocks in which every token attends to all others: those of a ViT, and of joint space-time attention. */
export function jointBlocks<D extends FloatType>(
  sizes: { readonly depth: number; readonly linformer?: number },
  transformer: Transformer<D>,
  tokens: Value<D>,
  options: DenseOptions<D>,
): DenseTokens<D> {
  const batch = sizeOf(tokens, 0);
  const length = sizeOf(tokens, 1);
  const hidden = options.keyBias === undefined ? {} : { keyBias: reshape(options.keyBias, [batch, 1, 1, length]) };
  const projection = projectionOf(sizes.linformer, length, options);
  let rows = asRows(tokens);
  for (const block of blockNumbers(sizes, options.range)) {
    rows = transformer.block(block, rows, batch, length, { fused: options.spatial, ...hidden, ...projection });
  }
  const all = () => reshape(rows, tokens.shape);
  return { policy: firstRows(rows, batch, length), patches: () => slice(all(), 1, 1), all };
}

/** @throws GraphError where tokens may be missing: Linformer mixes all of them. */
function projectionOf<D extends FloatType>(linformer: number | undefined, length: Dim, { keyBias }: DenseOptions<D>) {
  if (linformer === undefined) return {};
  const tokens = length.constant;
  if (tokens === undefined || keyBias !== undefined) throw new GraphError('Linformer attention needs all tokens.');
  return { projection: { length: linformer, tokens } };
}
