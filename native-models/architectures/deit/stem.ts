import type { DeitConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import type { Parameters } from '../parameters.ts';
import { embeddedPatches, embeddedSeenPatches, patchCount } from '../patch-embedding.ts';

/**
 * The first part of a DeiT, or any ViT with one class token: an image becomes tokens.
 *
 * @param image `[batch, 3, side, side]`, normalised RGB, float32.
 * @returns `[batch, 1 + patches, dim]`: CLS, then the patches row by row.
 */
export function stemTokens<D extends FloatType>(
  config: DeitConfig,
  parameters: Parameters<D>,
  image: Value<'float32'>,
): Value<D> {
  return embeddedPatches({ ...config, frames: 1 }, parameters, image, places(config, parameters));
}

/** The same of some of the patches, `seen` as {@link embeddedSeenPatches} wants it: `[batch, 1 + seen, dim]`. */
export function seenStemTokens<D extends FloatType>(
  config: DeitConfig,
  parameters: Parameters<D>,
  image: Value<'float32'>,
  seen: Value<'int64'>,
): Value<D> {
  return embeddedSeenPatches({ ...config, frames: 1 }, parameters, image, places(config, parameters), seen);
}

/** What tells a token where it is: `[patches, 1, dim]`. */
function places<D extends FloatType>(config: DeitConfig, parameters: Parameters<D>): Value<D> {
  return parameters.part('pos_embed', config.dim, [patchCount(config), 1, config.dim]);
}
