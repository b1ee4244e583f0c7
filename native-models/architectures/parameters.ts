import { GraphError } from '#contract/errors.ts';
import type { FloatType } from '../onnx/dtype.ts';
import type { Graph, Value } from '../onnx/graph.ts';
import { cast } from '../onnx/operators/arithmetic.ts';

/**
 * Where an architecture takes its weights from, under their original names.
 *
 * For inference they are constants in the bundle's file; for training they can be inputs of the graph.
 */
export interface Parameters<D extends FloatType> {
  readonly graph: Graph;
  /** The element type that the graph computes in. */
  readonly dtype: D;
  /**
   * The parameter `name`, read as `sizes` (same elements, any shape).
   *
   * @throws GraphError when there is no such parameter or its elements do not fit.
   */
  get(name: string, sizes: readonly number[]): Value<D>;
  /** Elements `start` to `start + product(sizes)` of the flattened parameter `name`, read as `sizes`. */
  part(name: string, start: number, sizes: readonly number[]): Value<D>;
}

/** One tensor in a safetensors file: what the header says of it. */
export interface StoredWeight {
  readonly dtype: FloatType;
  readonly shape: readonly number[];
  /** From the beginning of the file. */
  readonly byteOffset: number;
}

/**
 * The weights of a safetensors file as external data of `graph`: nothing is read here, and a part of a parameter is
 * just another offset into the same file.
 *
 * @param file Name of the file as the session that runs the graph knows it.
 * @param dtype What the graph computes in; weights stored otherwise are converted once, when the session is made.
 */
export function storedParameters<D extends FloatType>(
  graph: Graph,
  file: string,
  weights: ReadonlyMap<string, StoredWeight>,
  dtype: D,
): Parameters<D> {
  const part = (name: string, start: number, sizes: readonly number[]): Value<D> => {
    const stored = weights.get(name);
    if (stored === undefined) throw new GraphError(`The model has no parameter "${name}".`);
    const length = count(sizes);
    if (start < 0 || start + length > count(stored.shape)) {
      throw new GraphError(`"${name}" [${stored.shape}] cannot be read as [${sizes}] from element ${start}.`);
    }
    const byteOffset = stored.byteOffset + start * (stored.dtype === 'float16' ? 2 : 4);
    const label = `${name}[${start}:${start + length}]/${sizes.join('x')}`;
    return cast(graph.external(label, stored.dtype, sizes, { file, byteOffset }), dtype);
  };
  return {
    graph,
    dtype,
    part,
    get(name, sizes) {
      const stored = weights.get(name);
      if (stored !== undefined && count(stored.shape) !== count(sizes)) {
        throw new GraphError(`"${name}" has shape [${stored.shape}], and the architecture wants [${sizes}].`);
      }
      return part(name, 0, sizes);
    },
  };
}

/** The number of elements of a tensor of these sizes. */
export function count(sizes: readonly number[]): number {
  return sizes.reduce((product, size) => product * size, 1);
}
