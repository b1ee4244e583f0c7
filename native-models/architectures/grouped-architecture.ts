import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import type { BlockRange, Fusion } from './blocks.ts';
import type { DenseTrunk } from './class-head.ts';
import type { Parameters } from './parameters.ts';
import type { KeyBias } from './token-mask.ts';

/**
 * A vision transformer whose blocks fall into groups with an interpreter at the entry of each (IA-RED², section 3.1), as
 * pieces of a graph: what training needs of an architecture. Tokens are `[batch, 1 + tokens, dim]`, CLS first, and all of
 * them are there in every group: which of them are seen is said by a {@link KeyBias}.
 */
export interface GroupedArchitecture {
  /** Patch tokens of one input. */
  readonly tokenCount: number;
  readonly dim: number;
  readonly classes: number;
  /** Sizes of one input, without the batch: `[3, frames, side, side]` of a clip, `[3, side, side]` of an image. */
  readonly inputSizes: readonly number[];
  /** Without gaps from the first block to the last. */
  readonly groups: readonly BlockRange[];

  /** The tokens of inputs, `[batch, ...inputSizes]`, before the first group. */
  tokens<D extends FloatType>(parameters: Parameters<D>, inputs: Value<'float32'>): Value<D>;

  /**
   * CLS and some of the tokens, `seen` `[batch, seen]` by their indices, without embedding the others:
   * `[batch, 1 + seen, dim]`. Null where attention needs all of them.
   */
  readonly seenTokens:
    | (<D extends FloatType>(parameters: Parameters<D>, inputs: Value<'float32'>, seen: Value<'int64'>) => Value<D>)
    | null;

  /** How the interpreter of `group` scores the tokens at its entry, 0 … 1: `[batch, tokens]`, without CLS. */
  scores(parameters: Parameters<'float32'>, tokens: Value<'float32'>, group: number): Value<'float32'>;

  /** Tokens after the blocks of `group`, from those before. */
  through<D extends FloatType>(
    parameters: Parameters<D>,
    tokens: Value<D>,
    group: number,
    keyBias: KeyBias,
    fusion: Fusion,
  ): Value<D>;

  /** Logits, `[batch, classes]`, from the tokens before `group`, with the same tokens seen to the end. */
  answer<D extends FloatType>(
    parameters: Parameters<D>,
    tokens: Value<D>,
    group: number,
    keyBias: KeyBias,
    fusion: Fusion,
  ): Value<'float32'>;

  /** All blocks on tokens as {@link tokens} or {@link seenTokens} gives them, all of which are seen. */
  whole<D extends FloatType>(parameters: Parameters<D>, tokens: Value<D>, fusion: Fusion): DenseTrunk<D>;

  /** Whether `parameter` belongs to what runs from the blocks of `group` on: blocks, last normalisation, head. */
  isFrom(group: number, parameter: string): boolean;
}
