import type { TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import type { Transformer } from '../transformer.ts';

/** Which attentions run as one fused operator: what a provider has, and does faster that way. */
export interface Fusion {
  /** Long sequences: joint attention, and the attention within a frame. */
  readonly spatial: boolean;
  /** Many sequences of a few frames. */
  readonly temporal: boolean;
}

export interface SelectedOptions extends Fusion {
  /** True when the arrangement was made with a bucket, so that there is padding among the kept rows. */
  readonly padded: boolean;
}

/** Blocks that follow each other. */
export interface BlockRange {
  readonly firstBlock: number;
  readonly blocks: number;
}

export interface DenseOptions<D extends FloatType> extends Fusion {
  /** Added to every attention score of a token as a key, `[batch, 1 + patches·frames, 1]`; see `token-mask.ts`. */
  readonly keyBias?: Value<D>;
  /** Which blocks run; all when left out. */
  readonly range?: BlockRange;
}

/** Tokens after the last block that runs, without the model's last normalisation. */
export interface DenseTokens<D extends FloatType> {
  /** CLS, `[batch, dim]`. */
  readonly policy: Value<D>;
  /** The others, `[batch, patches·frames, dim]`, patch-major; adds them to the graph. */
  patches(): Value<D>;
  /** CLS and the others, `[batch, 1 + patches·frames, dim]`, as the next blocks take them; adds them to the graph. */
  all(): Value<D>;
}

/** Blocks of one attention type with all tokens, `[batch, 1 + patches·frames, dim]`. */
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
