import type { TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import type { DenseTokens } from '../blocks.ts';
import { jointBlocks } from '../joint-blocks.ts';
import type { Parameters } from '../parameters.ts';
import { WatchedTransformer } from '../watched-transformer.ts';
import { denseDivided } from './divided.ts';
import type { DensePath } from './paths.ts';
import { denseSpaceOnly } from './space-only.ts';

const PATHS: Record<TimesformerConfig['attention'], DensePath> = {
  joint_space_time: jointBlocks,
  divided_space_time: denseDivided,
  space_only: denseSpaceOnly,
};

/** What attention looks at, and what comes of it. */
export interface WatchedAttention<D extends FloatType> {
  /**
   * Weights of every attention in the order in which they run (divided: time and space of the first block, of the second,
   * …): `[sequences, heads, queries, keys]`, rows summing to 1.
   */
  readonly weights: readonly Value<D>[];
  readonly tokens: DenseTokens<D>;
}

/** All blocks on all tokens, `[batch, 1 + patches·frames, dim]`, as the dense trunk runs them, with attention laid open. */
export function watchedAttention<D extends FloatType>(
  config: TimesformerConfig,
  parameters: Parameters<D>,
  tokens: Value<D>,
): WatchedAttention<D> {
  const transformer = new WatchedTransformer(parameters, config);
  const after = PATHS[config.attention](config, transformer, tokens, { spatial: false, temporal: false });
  return { weights: transformer.weights, tokens: after };
}
