import type { TimesformerConfig } from '../../bundle/manifest.ts';
import type { DimLike } from '../../onnx/dim.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { cast, reduceMean, scale } from '../../onnx/operators/arithmetic.ts';
import type { AttentionInput } from '../../onnx/operators/attention.ts';
import { matMul, softmax } from '../../onnx/operators/matrices.ts';
import { reshape, transpose } from '../../onnx/operators/shapes.ts';
import type { DenseTokens } from '../blocks.ts';
import { jointBlocks } from '../joint-blocks.ts';
import type { Parameters } from '../parameters.ts';
import { type QueryKeyValue, Transformer } from '../transformer.ts';
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
   * …), mean over heads: `[sequences, queries, keys]` float32, rows summing to 1.
   */
  readonly weights: readonly Value<'float32'>[];
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

/** A transformer that keeps the weights of its attentions. */
class WatchedTransformer<D extends FloatType> extends Transformer<D> {
  readonly weights: Value<'float32'>[] = [];

  override attend(
    rows: QueryKeyValue<D>,
    sequences: DimLike,
    length: DimLike,
    options: Pick<AttentionInput<D>, 'fused' | 'keyBias'>,
  ): Value<D> {
    const { dim, heads } = this.sizes;
    const headDim = dim / heads;
    const split = (x: Value<D>, order: readonly number[]) =>
      transpose(reshape(x, [sequences, length, heads, headDim]), order);
    // onnxruntime finds that these are the products of the attention itself, and computes them once.
    const scores = scale(
      matMul(split(rows.query, [0, 2, 1, 3]), split(rows.key, [0, 2, 3, 1])),
      1 / Math.sqrt(headDim),
    );
    this.weights.push(reduceMean(cast(softmax(scores, -1), 'float32'), [1], false));
    return super.attend(rows, sequences, length, options);
  }
}
