import type { TimesformerConfig } from '../../bundle/manifest.ts';
import { Dim, type DimLike } from '../../onnx/dim.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { multiply, reduceMean } from '../../onnx/operators/arithmetic.ts';
import { concat, expand, reshape, sizeOf, slice, transpose } from '../../onnx/operators/shapes.ts';
import { patchCount } from '../patch-embedding.ts';

/** Patches of one frame and frames of one clip. */
export function tokenGrid(config: TimesformerConfig): { readonly patches: number; readonly frames: number } {
  return { patches: patchCount(config), frames: config.numFrames };
}

/**
 * Tokens in patch-major order as one sequence a frame, each led by a copy of CLS:
 * `[batch, 1 + patches·frames, dim] → [batch·frames, 1 + patches, dim]`.
 */
export function byFrame<D extends FloatType>(tokens: Value<D>, config: TimesformerConfig): Value<D> {
  const { patches, frames } = tokenGrid(config);
  const batch = sizeOf(tokens, 0);
  const dim = sizeOf(tokens, 2);
  const policy = expand(reshape(slice(tokens, 1, 0, 1), [batch, 1, 1, dim]), [batch, frames, 1, dim]);
  const grid = transpose(reshape(slice(tokens, 1, 1), [batch, patches, frames, dim]), [0, 2, 1, 3]);
  return reshape(concat([policy, grid], 2), [batch.times(frames), 1 + patches, dim]);
}

/** The opposite for the patch tokens: `[batch, frames, 1 + patches, dim] → [batch, patches·frames, dim]`. */
export function patchMajor<D extends FloatType>(inFrames: Value<D>): Value<D> {
  const grid = transpose(slice(inFrames, 2, 1), [0, 2, 1, 3]);
  return reshape(grid, [sizeOf(grid, 0), sizeOf(grid, 1).times(sizeOf(grid, 2)), sizeOf(grid, 3)]);
}

/** A bias of keys `[batch, 1 + patches·frames, 1]` for attention within frames: `[batch·frames, 1, 1, 1 + patches]`. */
export function keyBiasInFrames<D extends FloatType>(keyBias: Value<D>, config: TimesformerConfig): Value<D> {
  const { patches, frames } = tokenGrid(config);
  return reshape(byFrame(keyBias, config), [sizeOf(keyBias, 0).times(frames), 1, 1, 1 + patches]);
}

/**
 * The same for attention over time: `[batch·patches, 1, frames, frames]`. A token always sees itself, as in DynamicViT: where
 * all of its sequence is dropped, there is no CLS to look at, and what attention makes of nothing has no usable gradient.
 */
export function keyBiasInTime<D extends FloatType>(keyBias: Value<D>, config: TimesformerConfig): Value<D> {
  const { patches, frames } = tokenGrid(config);
  const ofOthers = Array.from({ length: frames * frames }, (_, at) => (at % (frames + 1) === 0 ? 0 : 1));
  const keys = reshape(slice(keyBias, 1, 1), [sizeOf(keyBias, 0).times(patches), 1, 1, frames]);
  return multiply(keys, keyBias.graph.constant(keyBias.dtype, [1, 1, frames, frames], ofOthers));
}

/** Mean over the frames of a clip: `[batch·frames, dim] → [batch, dim]`. */
export function meanOverFrames<D extends FloatType>(rows: Value<D>, batch: DimLike, frames: number): Value<D> {
  return reduceMean(reshape(rows, [Dim.of(batch), frames, sizeOf(rows, 1)]), [1], false);
}
