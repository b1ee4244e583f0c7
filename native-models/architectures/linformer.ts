import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import { matMul } from '../onnx/operators/matrices.ts';
import type { Parameters } from './parameters.ts';

/** What of a sequence is projected, and what the parameter is called: `blocks.B.attn.key_projection.weight`. */
const KINDS = ['key', 'value'] as const;
type Kind = (typeof KINDS)[number];

/** The projections of a block, each `[length, tokens]`, by their names. */
export const projectionNames = (block: number): readonly string[] => KINDS.map((kind) => nameOf(block, kind));

const nameOf = (block: number, kind: Kind): string => `blocks.${block}.attn.${kind}_projection.weight`;

/** Whether `parameter` is such a projection. */
export const isProjection = (parameter: string): boolean => /\.attn\.(key|value)_projection\.weight$/.test(parameter);

/** How attention to `tokens` rows becomes attention to `length`. */
export interface Projection {
  readonly length: number;
  readonly tokens: number;
}

/**
 * Linformer (Wang et al. 2020, section 4): attention of all tokens to `length` mixtures of them instead of to each of them.
 * Keys become `E·K` and values `F·V`, with learnt `E` and `F` of each block, which its heads share. The mixtures are the
 * same whatever the image shows, and made of all tokens: none can be dropped.
 *
 * @param rows `[sequences, tokens, dim]`.
 * @returns `[sequences, length, dim]`.
 */
export function projected<D extends FloatType>(
  parameters: Parameters<D>,
  block: number,
  kind: Kind,
  { length, tokens }: Projection,
  rows: Value<D>,
): Value<D> {
  return matMul(parameters.get(nameOf(block, kind), [length, tokens]), rows);
}
