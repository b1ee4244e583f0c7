import type { DimLike } from '../onnx/dim.ts';
import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import { reshape, sizeOf, slice } from '../onnx/operators/shapes.ts';

/** `[a, b, dim] → [a·b, dim]`: tokens as rows, for the layers that do not care about sequences. */
export function asRows<D extends FloatType>(tokens: Value<D>): Value<D> {
  return reshape(tokens, ['rest', sizeOf(tokens, -1)]);
}

/** The first row of each of `sequences` sequences of `length` rows: `[sequences·length, dim] → [sequences, dim]`. */
export function firstRows<D extends FloatType>(rows: Value<D>, sequences: DimLike, length: DimLike): Value<D> {
  const dim = sizeOf(rows, 1);
  return reshape(slice(reshape(rows, [sequences, length, dim]), 1, 0, 1), [sequences, dim]);
}
