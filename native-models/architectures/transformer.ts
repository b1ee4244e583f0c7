import type { DimLike } from '../onnx/dim.ts';
import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import { add, gelu } from '../onnx/operators/arithmetic.ts';
import { type AttentionInput, attention } from '../onnx/operators/attention.ts';
import { layerNorm, linear, matMul } from '../onnx/operators/matrices.ts';
import { reshape } from '../onnx/operators/shapes.ts';
import { type Projection, projected } from './linformer.ts';
import type { Parameters } from './parameters.ts';

/** The sizes that every block of a vision transformer shares. */
export interface BlockSizes {
  readonly dim: number;
  readonly heads: number;
  readonly mlpDim: number;
  readonly layerNormEps: number;
}

/** Queries, keys and values, each `[rows, dim]`. */
export interface QueryKeyValue<D extends FloatType> {
  readonly query: Value<D>;
  readonly key: Value<D>;
  readonly value: Value<D>;
}

/**
 * Pieces of pre-norm transformer blocks over rows of tokens `[rows, dim]`. Linear layers work on rows, whichever
 * sequence they belong to; only attention needs to know the sequences.
 */
export class Transformer<D extends FloatType> {
  readonly parameters: Parameters<D>;
  readonly sizes: BlockSizes;

  constructor(parameters: Parameters<D>, sizes: BlockSizes) {
    this.parameters = parameters;
    this.sizes = sizes;
  }

  /** LayerNorm with the gain and bias called `name`: `[rows, dim] → [rows, dim]`. */
  norm(name: string, rows: Value<D>): Value<D> {
    const { dim, layerNormEps } = this.sizes;
    const parameter = (kind: string) => this.parameters.get(`${name}.${kind}`, [dim]);
    return layerNorm(rows, parameter('weight'), parameter('bias'), layerNormEps);
  }

  /** The fully connected layer `name`: `[rows, from] → [rows, to]`. */
  linear(name: string, rows: Value<D>, from: number, to: number): Value<D> {
    const weight = this.parameters.get(`${name}.weight`, [to, from]);
    return linear(rows, weight, this.parameters.get(`${name}.bias`, [to]));
  }

  /**
   * Two square layers with nothing between them, `second(first(rows))`, as one: `[rows, dim] → [rows, dim]`. Weights
   * that are constants are multiplied once, when the session is made, and each row costs one product instead of two.
   */
  linearPair(first: string, second: string, rows: Value<D>, dim: number): Value<D> {
    const outer = this.parameters.get(`${second}.weight`, [dim, dim]);
    const inner = this.parameters.get(`${first}.weight`, [dim, dim]);
    const innerBias = this.parameters.get(`${first}.bias`, [dim, 1]);
    const bias = add(reshape(matMul(outer, innerBias), [dim]), this.parameters.get(`${second}.bias`, [dim]));
    return linear(rows, matMul(outer, inner), bias);
  }

  /**
   * The layer `name` (`[3·dim, dim]`: queries, keys, values) as three products, so that nothing has to be cut out of
   * a joint result.
   */
  queryKeyValue(name: string, rows: Value<D>): QueryKeyValue<D> {
    const { dim } = this.sizes;
    const third = (index: number) => {
      const weight = this.parameters.part(`${name}.weight`, index * dim * dim, [dim, dim]);
      return linear(rows, weight, this.parameters.part(`${name}.bias`, index * dim, [dim]));
    };
    return { query: third(0), key: third(1), value: third(2) };
  }

  /**
   * Attention of a whole sequence in `block` to fewer mixtures of its tokens ({@link projected}); without the projection
   * that follows attention.
   */
  attendProjected(block: number, rows: QueryKeyValue<D>, sequences: DimLike, projection: Projection, fused: boolean) {
    const { dim, heads } = this.sizes;
    const inSequences = (x: Value<D>) => reshape(x, [sequences, projection.tokens, dim]);
    const mixed = attention({
      query: inSequences(rows.query),
      key: projected(this.parameters, block, 'key', projection, inSequences(rows.key)),
      value: projected(this.parameters, block, 'value', projection, inSequences(rows.value)),
      heads,
      fused,
    });
    return reshape(mixed, ['rest', dim]);
  }

  /** Attention of `sequences` of `length` rows each, which lie one after another in `rows`; without projection. */
  attend(
    rows: QueryKeyValue<D>,
    sequences: DimLike,
    length: DimLike,
    options: Pick<AttentionInput<D>, 'fused' | 'keyBias'>,
  ): Value<D> {
    const { dim, heads } = this.sizes;
    const inSequences = (x: Value<D>) => reshape(x, [sequences, length, dim]);
    const mixed = attention({
      query: inSequences(rows.query),
      key: inSequences(rows.key),
      value: inSequences(rows.value),
      heads,
      ...options,
    });
    return reshape(mixed, ['rest', dim]);
  }

  /** The second half of a block: `rows + mlp(norm2(rows))`. */
  mlp(block: number, rows: Value<D>): Value<D> {
    const { dim, mlpDim } = this.sizes;
    const hidden = gelu(this.linear(`blocks.${block}.mlp.fc1`, this.norm(`blocks.${block}.norm2`, rows), dim, mlpDim));
    return add(rows, this.linear(`blocks.${block}.mlp.fc2`, hidden, mlpDim, dim));
  }

  /** One ordinary block: every row of a sequence attends to all of its sequence, or to mixtures of it. */
  block(
    block: number,
    rows: Value<D>,
    sequences: DimLike,
    length: DimLike,
    { projection, ...options }: Pick<AttentionInput<D>, 'fused' | 'keyBias'> & { readonly projection?: Projection },
  ): Value<D> {
    const { dim } = this.sizes;
    const name = `blocks.${block}`;
    const qkv = this.queryKeyValue(`${name}.attn.qkv`, this.norm(`${name}.norm1`, rows));
    const mixed =
      projection === undefined
        ? this.attend(qkv, sequences, length, options)
        : this.attendProjected(block, qkv, sequences, projection, options.fused);
    return this.mlp(block, add(rows, this.linear(`${name}.attn.proj`, mixed, dim, dim)));
  }
}
