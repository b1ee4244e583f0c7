import { GraphError } from '#contract/errors.ts';
import { formatShape } from '../onnx/dim.ts';
import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import { add, cast } from '../onnx/operators/arithmetic.ts';
import { linear } from '../onnx/operators/matrices.ts';
import { concat, expand, gather, reshape, sizeOf, transpose } from '../onnx/operators/shapes.ts';
import type { Parameters } from './parameters.ts';

/** How pixels fall into patches. */
export interface PatchGrid {
  readonly imageSize: number;
  readonly patchSize: number;
  readonly dim: number;
  /** 1 for an image. */
  readonly frames: number;
}

/** Patches of one frame. */
export function patchCount({ imageSize, patchSize }: Pick<PatchGrid, 'imageSize' | 'patchSize'>): number {
  return (imageSize / patchSize) ** 2;
}

/**
 * Pixels become tokens.
 *
 * @param pixels `[batch, 3, frames, side, side]`, or without the frames when there is one; normalised RGB.
 * @param places What tells a token where and when it is: `[patches, frames or 1, dim]`.
 * @returns `[batch, 1 + patches·frames, dim]`: CLS, then patch-major with the frame fastest.
 */
export function embeddedPatches<D extends FloatType>(
  grid: PatchGrid,
  parameters: Parameters<D>,
  pixels: Value<'float32'>,
  places: Value<D>,
): Value<D> {
  const { dim, frames } = grid;
  const patches = patchCount(grid);
  const batch = sizeOf(pixels, 0);
  const embedded = embeddedRows(grid, parameters, patchRows(grid, cast(pixels, parameters.dtype)));
  const placed = add(reshape(embedded, [batch, patches, frames, dim]), places);
  return withPolicy(grid, parameters, reshape(placed, [batch, patches * frames, dim]));
}

/**
 * The same of some of the patches, as many of each input: what is not seen is not even embedded.
 *
 * @param pixels As above, of a fixed batch.
 * @param seen `[batch, seen]`, int64: indices of patch tokens in 0 … patches·frames − 1.
 * @returns `[batch, 1 + seen, dim]`: CLS, then those that are seen, in the order in which they are named.
 */
export function embeddedSeenPatches<D extends FloatType>(
  grid: PatchGrid,
  parameters: Parameters<D>,
  pixels: Value<'float32'>,
  places: Value<D>,
  seen: Value<'int64'>,
): Value<D> {
  const { graph, dtype } = parameters;
  const { dim, patchSize, frames } = grid;
  const tokens = patchCount(grid) * frames;
  const [batch, count] = [sizeOf(seen, 0).constant, sizeOf(seen, 1).constant];
  if (batch === undefined || count === undefined) {
    throw new GraphError(`How many tokens are seen is not fixed: ${formatShape(seen.shape)}.`);
  }
  const firsts = Array.from({ length: batch }, (_, index) => index * tokens);
  const flat = reshape(add(seen, graph.constant('int64', [batch, 1], firsts)), [batch * count]);
  const rows = gather(patchRows(grid, cast(pixels, dtype)), flat, 0);
  const embedded = embeddedRows(grid, parameters, reshape(rows, [batch * count, 3 * patchSize * patchSize]));
  const everywhere = reshape(places, [tokens, dim]);
  const placed = add(embedded, gather(everywhere, reshape(seen, [batch * count]), 0));
  return withPolicy(grid, parameters, reshape(placed, [batch, count, dim]));
}

/** The pixels of each patch: a convolution with stride = kernel is one matrix product over these, in token order. */
function patchRows<D extends FloatType>({ imageSize, patchSize, frames }: PatchGrid, pixels: Value<D>): Value<D> {
  const side = imageSize / patchSize;
  const cells = reshape(pixels, [sizeOf(pixels, 0), 3, frames, side, patchSize, side, patchSize]);
  return reshape(transpose(cells, [0, 3, 5, 2, 1, 4, 6]), ['rest', 3 * patchSize * patchSize]);
}

/** `[rows, 3·patch²] → [rows, dim]`. */
function embeddedRows<D extends FloatType>(
  { patchSize, dim }: PatchGrid,
  parameters: Parameters<D>,
  rows: Value<D>,
): Value<D> {
  const kernel = parameters.get('patch_embed.proj.weight', [dim, 3 * patchSize * patchSize]);
  return linear(rows, kernel, parameters.get('patch_embed.proj.bias', [dim]));
}

/** CLS in front: `[batch, n, dim] → [batch, 1 + n, dim]`. */
function withPolicy<D extends FloatType>({ dim }: PatchGrid, parameters: Parameters<D>, tokens: Value<D>): Value<D> {
  const policy = add(parameters.get('cls_token', [1, 1, dim]), parameters.part('pos_embed', 0, [1, 1, dim]));
  return concat([expand(policy, [sizeOf(tokens, 0), 1, dim]), tokens], 1);
}
