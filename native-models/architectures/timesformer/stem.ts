import type { Selection, TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { add, cast } from '../../onnx/operators/arithmetic.ts';
import { linear } from '../../onnx/operators/matrices.ts';
import { concat, expand, reshape, transpose } from '../../onnx/operators/shapes.ts';
import { interpreterScores } from '../interpreter.ts';
import type { Parameters } from '../parameters.ts';
import { tokenGrid } from './layout.ts';

/**
 * The first part of a TimeSformer: a clip becomes tokens, and tokens become scores.
 *
 * @param clip `[batch, 3, frames, side, side]`, normalised RGB, float32.
 * @returns tokens `[batch, 1 + patches·frames, dim]`: CLS, then patch-major with the frame fastest (token
 *   1 + patch·frames + frame), for all three attention types. Space-only models have no time embedding.
 */
export function stemTokens<D extends FloatType>(
  config: TimesformerConfig,
  parameters: Parameters<D>,
  clip: Value<'float32'>,
): Value<D> {
  const { imageSize, patchSize, dim } = config;
  const { patches, frames } = tokenGrid(config);
  const side = imageSize / patchSize;
  const batch = clip.shape[0] ?? 1;

  // A convolution with stride = kernel is one matrix product over patches, laid out in token order.
  const cells = reshape(cast(clip, parameters.dtype), [batch, 3, frames, side, patchSize, side, patchSize]);
  const rows = reshape(transpose(cells, [0, 3, 5, 2, 1, 4, 6]), ['rest', 3 * patchSize * patchSize]);
  const kernel = parameters.get('patch_embed.proj.weight', [dim, 3 * patchSize * patchSize]);
  const embedded = reshape(linear(rows, kernel, parameters.get('patch_embed.proj.bias', [dim])), [
    batch,
    patches,
    frames,
    dim,
  ]);

  const inSpace = add(embedded, parameters.part('pos_embed', dim, [patches, 1, dim]));
  const inTime =
    config.attention === 'space_only' ? inSpace : add(inSpace, parameters.get('time_embed', [1, frames, dim]));
  const policy = add(parameters.get('cls_token', [1, 1, dim]), parameters.part('pos_embed', 0, [1, 1, dim]));
  return concat([expand(policy, [batch, 1, dim]), reshape(inTime, [batch, patches * frames, dim])], 1);
}

/**
 * Adds the stem to the graph: input `clip`; outputs `tokens` (float32) and, with an interpreter, `scores`
 * `[batch, 1 + patches·frames]` of group 0.
 */
export function addStem<D extends FloatType>(
  config: TimesformerConfig,
  selection: Selection | null,
  parameters: Parameters<D>,
  interpreterParameters: Parameters<'float32'>,
): void {
  const { graph } = parameters;
  const { imageSize, numFrames } = config;
  const clip = graph.input('clip', 'float32', ['batch', 3, numFrames, imageSize, imageSize]);
  const tokens = cast(stemTokens(config, parameters, clip), 'float32');
  graph.output('tokens', tokens);
  if (selection !== null) {
    graph.output('scores', interpreterScores(interpreterParameters, tokens, 'interpreter.0.qk', selection.heads));
  }
}
