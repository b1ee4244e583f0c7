import { HIDDEN } from './token-mask.ts';

/** A tensor to feed: int64 indices or float32 biases. */
export type ArrangementFeed =
  | { readonly dtype: 'int64'; readonly dims: readonly number[]; readonly data: BigInt64Array }
  | { readonly dtype: 'float32'; readonly dims: readonly number[]; readonly data: Float32Array };

/** The rows of tokens that take part. */
export interface KeptRows {
  /** Rows of the tokens, CLS (row 0) not among them: `1 + kept index`; padding is row 0. */
  readonly keptRows: BigInt64Array;
  /** `[1 + keptRows]`: hides padding from attention. */
  readonly rowBias: Float32Array;
}

/** @param length Rows with padding, at least as many as are kept. */
export function rowsOf(kept: Uint32Array, length: number): KeptRows {
  const keptRows = new BigInt64Array(length);
  kept.forEach((token, i) => {
    keptRows[i] = BigInt(token + 1);
  });
  return { keptRows, rowBias: new Float32Array(1 + length).fill(HIDDEN, 1 + kept.length) };
}

/** `size`, at least 1, as a multiple of `bucket`: providers that compile for each shape then meet few shapes. */
export function roundedUp(size: number, bucket: number): number {
  return Math.ceil(Math.max(1, size) / bucket) * bucket;
}

/** The rows as inputs of a graph in which all of them attend to each other. */
export function rowFeeds({ keptRows, rowBias }: KeptRows, padded: boolean): Record<string, ArrangementFeed> {
  return {
    keptRows: indexFeed(keptRows, [keptRows.length]),
    ...(padded ? { rowBias: { dtype: 'float32', dims: [1, 1, 1, rowBias.length], data: rowBias } as const } : {}),
  };
}

export function indexFeed(data: BigInt64Array, dims: readonly number[]): ArrangementFeed {
  return { dtype: 'int64', dims, data };
}
