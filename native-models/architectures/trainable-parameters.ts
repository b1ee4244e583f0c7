import { GraphError } from '#contract/errors.ts';
import { sameShape, shapeOf } from '../onnx/dim.ts';
import type { FloatType } from '../onnx/dtype.ts';
import type { Graph, Value } from '../onnx/graph.ts';
import { cast } from '../onnx/operators/arithmetic.ts';
import { reshape, slice } from '../onnx/operators/shapes.ts';
import { count, type Parameters } from './parameters.ts';

/** Parameters that are fed at every run, so that each step of a training can use other numbers. */
export interface TrainableParameters<D extends FloatType> extends Parameters<D> {
  /** The inputs of the graph that have been asked for so far, by the parameter's name, in its published shape. */
  readonly inputs: ReadonlyMap<string, Value<'float32'>>;
}

/**
 * Parameters as inputs of `graph`, each under its own name: the same functions that build a graph for inference then
 * build one to differentiate by them. An input appears when the architecture asks for it first.
 *
 * @param shapes Published shape of every parameter.
 * @param dtype What the graph computes in. Inputs, and so gradients, are always float32: small steps get lost in half
 *   precision.
 */
export function trainableParameters<D extends FloatType>(
  graph: Graph,
  shapes: ReadonlyMap<string, readonly number[]>,
  dtype: D,
): TrainableParameters<D> {
  const inputs = new Map<string, Value<'float32'>>();
  const inputOf = (name: string): Value<'float32'> => {
    const shape = shapes.get(name);
    if (shape === undefined) throw new GraphError(`The model has no parameter "${name}".`);
    const input = inputs.get(name) ?? graph.input(name, 'float32', shape);
    inputs.set(name, input);
    return input;
  };
  return {
    graph,
    dtype,
    inputs,
    get(name, sizes) {
      const input = inputOf(name);
      return cast(sameShape(input.shape, shapeOf(sizes)) ? input : reshape(input, sizes), dtype);
    },
    part(name, start, sizes) {
      const flat = reshape(inputOf(name), ['rest']);
      return cast(reshape(slice(flat, 0, start, start + count(sizes)), sizes), dtype);
    },
  };
}
