import { GraphError } from '#contract/errors.ts';
import { formatShape } from '../onnx/dim.ts';
import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import { multiply, subtract } from '../onnx/operators/arithmetic.ts';
import { concat, reshape, sizeOf, slice, zeros } from '../onnx/operators/shapes.ts';

/**
 * How much each patch token moves: the square of its difference to the token of the same patch in the frame before, number
 * by number. Squared, since what reads it is linear, and what moves does so whichever sign its difference has.
 *
 * The first frame is compared with the second: a difference of zero would say that nothing moves there, and all of its
 * tokens would be the first to be dropped; and the square of a difference is the same from either side.
 *
 * @param tokens `[batch, 1 + patches·frames, dim]`, CLS first, then patch-major with the frame fastest.
 * @param frames At least 2.
 * @returns In the same shape; 0 for CLS.
 * @throws GraphError when the tokens are not of so many frames.
 */
export function motionEnergy<D extends FloatType>(tokens: Value<D>, frames: number): Value<D> {
  const [batch, length, dim] = [sizeOf(tokens, 0), sizeOf(tokens, 1), sizeOf(tokens, 2)];
  const patches = length.minus(1).dividedBy(frames);
  if (frames < 2 || patches === undefined) {
    throw new GraphError(`Tokens ${formatShape(tokens.shape)} do not show motion in ${frames} frames.`);
  }
  const inFrames = reshape(slice(tokens, 1, 1), [batch, patches, frames, dim]);
  const before = concat([slice(inFrames, 2, 1, 2), slice(inFrames, 2, 0, frames - 1)], 2);
  const change = subtract(inFrames, before);
  const energy = reshape(multiply(change, change), [batch, length.minus(1), dim]);
  return concat([zeros(tokens.graph, tokens.dtype, [batch, 1, dim]), energy], 1);
}
