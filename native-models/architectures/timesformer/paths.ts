import type { TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import type { DenseOptions, DenseTokens, Fusion } from '../blocks.ts';
import type { Transformer } from '../transformer.ts';

export interface SelectedOptions extends Fusion {
  /** True when the arrangement was made with a bucket, so that there is padding among the kept rows. */
  readonly padded: boolean;
}

/** Blocks of one attention type with all tokens, `[batch, 1 + patches·frames, dim]`, patch-major. */
export type DensePath = <D extends FloatType>(
  config: TimesformerConfig,
  transformer: Transformer<D>,
  tokens: Value<D>,
  options: DenseOptions<D>,
) => DenseTokens<D>;

/** The blocks of one attention type with the kept tokens of one view → CLS row `[1, dim]`. */
export type SelectedPath = <D extends FloatType>(
  config: TimesformerConfig,
  transformer: Transformer<D>,
  /** Rows of the stem's tokens by number (0 is CLS): indices of any shape → `[…, dim]`. */
  take: (rows: Value<'int64'>) => Value<D>,
  options: SelectedOptions,
) => Value<D>;
