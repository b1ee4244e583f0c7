import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';

/** Which attentions run as one fused operator: what a provider has, and does faster that way. */
export interface Fusion {
  /** Long sequences: attention over all tokens, and the attention within a frame. */
  readonly spatial: boolean;
  /** Many sequences of a few frames. */
  readonly temporal: boolean;
}

/** Blocks that follow each other. */
export interface BlockRange {
  readonly firstBlock: number;
  readonly blocks: number;
}

export interface DenseOptions<D extends FloatType> extends Fusion {
  /** Added to every attention score of a token as a key, `[batch, 1 + tokens, 1]`; see `token-mask.ts`. */
  readonly keyBias?: Value<D>;
  /** Which blocks run; all when left out. */
  readonly range?: BlockRange;
}

/** Tokens after the last block that runs, without the model's last normalisation. */
export interface DenseTokens<D extends FloatType> {
  /** CLS, `[batch, dim]`. */
  readonly policy: Value<D>;
  /** The others, `[batch, tokens, dim]`, in the order in which they came; adds them to the graph. */
  patches(): Value<D>;
  /** CLS and the others, `[batch, 1 + tokens, dim]`, as the next blocks take them; adds them to the graph. */
  all(): Value<D>;
}

/** The numbers of the blocks that run. */
export function blockNumbers({ depth }: { readonly depth: number }, range?: BlockRange): readonly number[] {
  const { firstBlock, blocks } = range ?? { firstBlock: 0, blocks: depth };
  return Array.from({ length: blocks }, (_, index) => firstBlock + index);
}
