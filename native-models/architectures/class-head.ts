import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import { cast } from '../onnx/operators/arithmetic.ts';
import { reshape } from '../onnx/operators/shapes.ts';
import type { DenseTokens } from './blocks.ts';
import type { Parameters } from './parameters.ts';
import { asRows } from './rows.ts';
import { type BlockSizes, Transformer } from './transformer.ts';

export interface HeadSizes extends BlockSizes {
  readonly classes: number;
}

/** What a model gives for all tokens. */
export interface DenseTrunk<D extends FloatType> {
  /** `[batch, classes]`. */
  readonly logits: Value<'float32'>;
  /** Patch tokens after the last block and normalisation, `[batch, tokens, dim]`; adds them to the graph. */
  patches(): Value<D>;
}

/** What tokens say after the last block. */
export function trunkOf<D extends FloatType>(
  sizes: HeadSizes,
  parameters: Parameters<D>,
  { policy, patches }: DenseTokens<D>,
): DenseTrunk<D> {
  return {
    logits: classLogits(sizes, parameters, policy),
    patches() {
      const all = patches();
      return reshape(new Transformer(parameters, sizes).norm('norm', asRows(all)), all.shape);
    },
  };
}

/** What CLS, `[batch, dim]`, says after the last block: `[batch, classes]`. */
export function classLogits<D extends FloatType>(
  sizes: HeadSizes,
  parameters: Parameters<D>,
  policy: Value<D>,
): Value<'float32'> {
  const transformer = new Transformer(parameters, sizes);
  return cast(transformer.linear('head', transformer.norm('norm', policy), sizes.dim, sizes.classes), 'float32');
}
