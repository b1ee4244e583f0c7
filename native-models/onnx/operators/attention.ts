import { GraphError } from '#contract/errors.ts';
import { Dim, formatShape, sameShape, shapeOf } from '../dim.ts';
import type { FloatType } from '../dtype.ts';
import type { Value } from '../graph.ts';
import { add, scale } from './arithmetic.ts';
import { matMul, softmax } from './matrices.ts';
import { expand, float, int, one, requireOneType, reshape, sizeOf, transpose } from './shapes.ts';

/** Queries, keys and values of one attention, each `[sequences, length, dim]`, heads side by side in `dim`. */
export interface AttentionInput<D extends FloatType> {
  readonly query: Value<D>;
  readonly key: Value<D>;
  readonly value: Value<D>;
  readonly heads: number;
  /**
   * Added to the scores before the softmax, `[sequences or 1, 1, queries or 1, keys]`: 0 for a key that may be looked
   * at, a large negative number for one that may not.
   */
  readonly keyBias?: Value<D>;
  /** One operator where the provider has it, instead of products, softmax and product. */
  readonly fused: boolean;
}

/** Scaled dot-product attention over `heads` (Vaswani et al. 2017): `[sequences, queries, dim]`. */
export function attention<D extends FloatType>(input: AttentionInput<D>): Value<D> {
  const headDim = headDimOf(input);
  return input.fused ? fusedAttention(input, headDim) : plainAttention(input, headDim);
}

/** Numbers of a head. @throws GraphError when the inputs do not fit together. */
function headDimOf<D extends FloatType>(input: AttentionInput<D>): number {
  const { query, key, value, heads } = input;
  const inputs = input.keyBias === undefined ? [query, key, value] : [query, key, value, input.keyBias];
  requireOneType('Attention', inputs);
  const dim = sizeOf(query, -1).constant;
  if (!fits(input) || dim === undefined || dim % heads !== 0) {
    const shapes = inputs.map((v) => formatShape(v.shape)).join(', ');
    throw new GraphError(`Attention with ${heads} heads cannot be made of ${shapes}.`);
  }
  return dim / heads;
}

function fits<D extends FloatType>({ query, key, value, keyBias }: AttentionInput<D>): boolean {
  if (query.shape.length !== 3 || key.shape.length !== 3 || !sameShape(key.shape, value.shape)) return false;
  const [sequences, keys] = [sizeOf(key, 0), sizeOf(key, 1)];
  if (!sizeOf(query, 0).equals(sequences) || !sizeOf(query, 2).equals(sizeOf(key, 2))) return false;
  if (keyBias === undefined) return true;
  return [Dim.of(1), sequences].some((rows) =>
    [Dim.of(1), sizeOf(query, 1)].some((queries) => sameShape(keyBias.shape, shapeOf([rows, 1, queries, keys]))),
  );
}

function fusedAttention<D extends FloatType>(input: AttentionInput<D>, headDim: number): Value<D> {
  const { query, key, value, heads, keyBias } = input;
  const attributes = { num_heads: int(heads), scale: float(1 / Math.sqrt(headDim)) };
  // Inputs of MultiHeadAttention: query, key, value, bias, key_padding_mask, attention_bias. Not every provider takes
  // the key_padding_mask, and the attention_bias is not broadcast over the queries.
  const inputs =
    keyBias === undefined
      ? [query, key, value]
      : [query, key, value, null, null, expand(keyBias, [sizeOf(keyBias, 0), 1, sizeOf(query, 1), sizeOf(key, 1)])];
  const output = { dtype: query.dtype, shape: query.shape };
  return one(query.graph.add('MultiHeadAttention', inputs, [output], attributes, 'com.microsoft'));
}

function plainAttention<D extends FloatType>(input: AttentionInput<D>, headDim: number): Value<D> {
  return mixedValues(weightsOf(input, headDim), input, headDim);
}

/**
 * Attention laid open: `weights` `[sequences, heads, queries, keys]`, rows summing to 1, and `mixed` `[sequences, queries,
 * dim]`, which is made of them and is what {@link attention} gives.
 */
export function openAttention<D extends FloatType>(
  input: Omit<AttentionInput<D>, 'fused'>,
): { readonly weights: Value<D>; readonly mixed: Value<D> } {
  const plain = { ...input, fused: false };
  const headDim = headDimOf(plain);
  const weights = weightsOf(plain, headDim);
  return { weights, mixed: mixedValues(weights, plain, headDim) };
}

function weightsOf<D extends FloatType>(input: AttentionInput<D>, headDim: number): Value<D> {
  const { query, key, keyBias } = input;
  const scores = scale(
    matMul(byHead(query, input, headDim, [0, 2, 1, 3]), byHead(key, input, headDim, [0, 2, 3, 1])),
    1 / Math.sqrt(headDim),
  );
  return softmax(keyBias === undefined ? scores : add(scores, keyBias), -1);
}

function mixedValues<D extends FloatType>(weights: Value<D>, input: AttentionInput<D>, headDim: number): Value<D> {
  const mixed = matMul(weights, byHead(input.value, input, headDim, [0, 2, 1, 3]));
  return reshape(transpose(mixed, [0, 2, 1, 3]), input.query.shape);
}

/** `[sequences, length, dim]` as `[sequences, length, heads, headDim]`, its axes in another order. */
function byHead<D extends FloatType>(
  x: Value<D>,
  { heads }: AttentionInput<D>,
  headDim: number,
  order: readonly number[],
): Value<D> {
  return transpose(reshape(x, [sizeOf(x, 0), sizeOf(x, 1), heads, headDim]), order);
}
