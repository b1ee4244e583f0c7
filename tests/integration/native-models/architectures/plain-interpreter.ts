import { at, type PlainTensor, sum, tensor } from '../plain-tensor.ts';

export interface PlainInterpreter {
  readonly heads: number;
  /** `[2·dim or 3·dim, dim]`: queries, then keys. */
  readonly weight: PlainTensor;
  readonly bias: PlainTensor;
  /** Of a motion-aware interpreter: its keys of motion, `[dim, dim]`, and the frames of a clip. */
  readonly motion?: { readonly weight: PlainTensor; readonly frames: number };
}

/**
 * `I_i = mean over heads of sigmoid(q_CLS · k_i / √(dim/heads))`, as the released tool computes it; of a motion-aware
 * interpreter `k_i` has a second product, with the squared change of the normalised token since the frame before.
 *
 * @param tokens `[batch, 1 + patches·frames, dim]`.
 * @returns `[batch, 1 + patches·frames]`.
 */
export function plainScores(tokens: PlainTensor, { heads, weight, bias, motion }: PlainInterpreter): PlainTensor {
  const [batch, length, dim] = tokens.sizes as [number, number, number];
  const headDim = dim / heads;
  const normalised = tensor(tokens.sizes, (b, t, c) => {
    const mean = sum(dim, (i) => at(tokens, b, t, i)) / dim;
    const variance = sum(dim, (i) => (at(tokens, b, t, i) - mean) ** 2) / dim;
    return (at(tokens, b, t, c) - mean) / Math.sqrt(variance + 1e-5);
  });
  const change = (b: number, token: number, c: number, frames: number) => {
    if (token === 0) return 0;
    const isFirst = (token - 1) % frames === 0;
    return (at(normalised, b, token, c) - at(normalised, b, isFirst ? token + 1 : token - 1, c)) ** 2;
  };
  const output = (b: number, t: number, row: number) => {
    const still = sum(dim, (i) => at(weight, row, i) * at(normalised, b, t, i)) + at(bias, row);
    if (motion === undefined || row < dim) return still;
    return still + sum(dim, (i) => at(motion.weight, row - dim, i) * change(b, t, i, motion.frames));
  };
  const queries = tensor([batch, dim], (b, row) => output(b, 0, row));
  const keys = tensor([batch, length, dim], (b, t, row) => output(b, t, dim + row));
  return tensor([batch, length], (b, t) => {
    const score = (h: number) => {
      const product = sum(headDim, (i) => at(queries, b, h * headDim + i) * at(keys, b, t, h * headDim + i));
      return 1 / (1 + Math.exp(-product / Math.sqrt(headDim)));
    };
    return sum(heads, score) / heads;
  });
}
