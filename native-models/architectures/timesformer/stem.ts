import type { Selection, TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { add, cast } from '../../onnx/operators/arithmetic.ts';
import type { Parameters } from '../parameters.ts';
import { embeddedPatches, embeddedSeenPatches, type PatchGrid } from '../patch-embedding.ts';
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
  return embeddedPatches(patchGrid(config), parameters, clip, places(config, parameters));
}

/** The same of some of the patches, `seen` as {@link embeddedSeenPatches} wants it: `[batch, 1 + seen, dim]`. */
export function seenStemTokens<D extends FloatType>(
  config: TimesformerConfig,
  parameters: Parameters<D>,
  clip: Value<'float32'>,
  seen: Value<'int64'>,
): Value<D> {
  return embeddedSeenPatches(patchGrid(config), parameters, clip, places(config, parameters), seen);
}

function patchGrid({ numFrames, ...sizes }: TimesformerConfig): PatchGrid {
  return { ...sizes, frames: numFrames };
}

/** What tells a token where and when it is: `[patches, frames or 1, dim]`. */
function places<D extends FloatType>(config: TimesformerConfig, parameters: Parameters<D>): Value<D> {
  const { dim } = config;
  const { patches, frames } = tokenGrid(config);
  const inSpace = parameters.part('pos_embed', dim, [patches, 1, dim]);
  return config.attention === 'space_only' ? inSpace : add(inSpace, parameters.get('time_embed', [1, frames, dim]));
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
