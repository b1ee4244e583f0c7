/**
 * Multiply-accumulates of the parts that vision transformers are made of: linear layers and attention products.
 * Normalisation, softmax and activations are not counted, as is usual.
 */

interface Widths {
  readonly dim: number;
  readonly mlpDim: number;
}

/** qkv and projection of `rows` tokens, and the products of attention in sequences of these lengths. */
export function attentionMacs({ dim }: Widths, rows: number, lengths: readonly number[]): number {
  return 4 * rows * dim * dim + 2 * dim * lengths.reduce((sum, length) => sum + length * length, 0);
}

export function mlpMacs({ dim, mlpDim }: Widths, rows: number): number {
  return 2 * rows * dim * mlpDim;
}

/** A block in which all `rows` tokens attend to each other. */
export function jointBlockMacs(widths: Widths, rows: number): number {
  return attentionMacs(widths, rows, [rows]) + mlpMacs(widths, rows);
}

/** A block in which all `rows` tokens attend to `length` mixtures of them, of the keys and of the values (Linformer). */
export function projectedBlockMacs(widths: Widths, rows: number, length: number): number {
  const { dim } = widths;
  return attentionMacs(widths, rows, []) + 4 * rows * length * dim + mlpMacs(widths, rows);
}

/** The embedding of `patches` patches. */
export function embeddingMacs(
  { dim, patchSize }: { readonly dim: number; readonly patchSize: number },
  patches: number,
): number {
  return patches * 3 * patchSize * patchSize * dim;
}

/** @param layers Of `[dim, dim]` each: queries and keys, and keys of motion where there are such. */
export function interpreterMacs({ dim }: { readonly dim: number }, rows: number, layers = 2): number {
  return rows * layers * dim * dim;
}

/** 10⁹ of them. */
export const giga = (macs: number): number => macs / 1e9;
