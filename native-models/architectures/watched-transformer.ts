import type { DimLike } from '../onnx/dim.ts';
import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import { cast, reduceMean } from '../onnx/operators/arithmetic.ts';
import { type AttentionInput, openAttention } from '../onnx/operators/attention.ts';
import { reshape } from '../onnx/operators/shapes.ts';
import { type QueryKeyValue, Transformer } from './transformer.ts';

/** A transformer that keeps the weights of its attentions, and computes with them: gradients reach them. */
export class WatchedTransformer<D extends FloatType> extends Transformer<D> {
  /** In the order in which attentions run, each `[sequences, heads, queries, keys]`, rows summing to 1. */
  readonly weights: Value<D>[] = [];

  override attend(
    rows: QueryKeyValue<D>,
    sequences: DimLike,
    length: DimLike,
    { keyBias }: Pick<AttentionInput<D>, 'fused' | 'keyBias'>,
  ): Value<D> {
    const { dim, heads } = this.sizes;
    const inSequences = (x: Value<D>) => reshape(x, [sequences, length, dim]);
    const { weights, mixed } = openAttention({
      query: inSequences(rows.query),
      key: inSequences(rows.key),
      value: inSequences(rows.value),
      heads,
      ...(keyBias === undefined ? {} : { keyBias }),
    });
    this.weights.push(weights);
    return reshape(mixed, ['rest', dim]);
  }
}

/** Weights of an attention, mean over its heads: `[sequences, queries, keys]` float32. */
export function headMean(weights: Value<FloatType>): Value<'float32'> {
  return reduceMean(cast(weights, 'float32'), [1], false);
}
