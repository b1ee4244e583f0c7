import { GraphError } from '#contract/errors.ts';
import type { Selection, TimesformerConfig } from '../../bundle/manifest.ts';
import { formatShape } from '../../onnx/dim.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { add, cast } from '../../onnx/operators/arithmetic.ts';
import { linear } from '../../onnx/operators/matrices.ts';
import { concat, expand, gather, reshape, sizeOf, transpose } from '../../onnx/operators/shapes.ts';
import type { Parameters } from '../parameters.ts';
import { tokenGrid } from './layout.ts';
import { tokenScores } from './token-scores.ts';

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
  const { dim } = config;
  const { patches, frames } = tokenGrid(config);
  const batch = clip.shape[0] ?? 1;
  const embedded = embeddedRows(config, parameters, patchRows(config, cast(clip, parameters.dtype)));
  const placed = add(reshape(embedded, [batch, patches, frames, dim]), places(config, parameters));
  return withPolicy(config, parameters, reshape(placed, [batch, patches * frames, dim]));
}

/**
 * The same of some of the patches, as many of each clip: what is not seen is not even embedded.
 *
 * @param clip `[batch, 3, frames, side, side]`, of a fixed batch.
 * @param seen `[batch, seen]`, int64: indices of patch tokens in 0 … patches·frames − 1.
 * @returns tokens `[batch, 1 + seen, dim]`: CLS, then those that are seen, in the order in which they are named.
 */
export function seenStemTokens<D extends FloatType>(
  config: TimesformerConfig,
  parameters: Parameters<D>,
  clip: Value<'float32'>,
  seen: Value<'int64'>,
): Value<D> {
  const { graph, dtype } = parameters;
  const { dim, patchSize } = config;
  const { patches, frames } = tokenGrid(config);
  const [batch, count] = [sizeOf(seen, 0).constant, sizeOf(seen, 1).constant];
  if (batch === undefined || count === undefined) {
    throw new GraphError(`How many tokens are seen is not fixed: ${formatShape(seen.shape)}.`);
  }
  const firsts = Array.from({ length: batch }, (_, index) => index * patches * frames);
  const flat = reshape(add(seen, graph.constant('int64', [batch, 1], firsts)), [batch * count]);
  const rows = gather(patchRows(config, cast(clip, dtype)), flat, 0);
  const embedded = embeddedRows(config, parameters, reshape(rows, [batch * count, 3 * patchSize * patchSize]));
  const everywhere = reshape(places(config, parameters), [patches * frames, dim]);
  const placed = add(embedded, gather(everywhere, reshape(seen, [batch * count]), 0));
  return withPolicy(config, parameters, reshape(placed, [batch, count, dim]));
}

/** The pixels of each patch: a convolution with stride = kernel is one matrix product over these, in token order. */
function patchRows<D extends FloatType>({ imageSize, patchSize, numFrames }: TimesformerConfig, clip: Value<D>) {
  const side = imageSize / patchSize;
  const cells = reshape(clip, [sizeOf(clip, 0), 3, numFrames, side, patchSize, side, patchSize]);
  return reshape(transpose(cells, [0, 3, 5, 2, 1, 4, 6]), ['rest', 3 * patchSize * patchSize]);
}

/** `[rows, 3·patch²] → [rows, dim]`. */
function embeddedRows<D extends FloatType>(
  { patchSize, dim }: TimesformerConfig,
  parameters: Parameters<D>,
  rows: Value<D>,
): Value<D> {
  const kernel = parameters.get('patch_embed.proj.weight', [dim, 3 * patchSize * patchSize]);
  return linear(rows, kernel, parameters.get('patch_embed.proj.bias', [dim]));
}

/** What tells a token where and when it is: `[patches, frames or 1, dim]`. */
function places<D extends FloatType>(config: TimesformerConfig, parameters: Parameters<D>): Value<D> {
  const { dim } = config;
  const { patches, frames } = tokenGrid(config);
  const inSpace = parameters.part('pos_embed', dim, [patches, 1, dim]);
  return config.attention === 'space_only' ? inSpace : add(inSpace, parameters.get('time_embed', [1, frames, dim]));
}

/** CLS in front: `[batch, n, dim] → [batch, 1 + n, dim]`. */
function withPolicy<D extends FloatType>(
  { dim }: TimesformerConfig,
  parameters: Parameters<D>,
  tokens: Value<D>,
): Value<D> {
  const policy = add(parameters.get('cls_token', [1, 1, dim]), parameters.part('pos_embed', 0, [1, 1, dim]));
  return concat([expand(policy, [sizeOf(tokens, 0), 1, dim]), tokens], 1);
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
    graph.output('scores', tokenScores(config, selection, interpreterParameters, tokens, 0));
  }
}
