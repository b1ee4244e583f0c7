import type { ParameterShape } from '../bundle/parameters.ts';
import type { Feeds } from '../runtime/host-tensor.ts';

/**
 * Float32 tensors by name, one after another in a single array: what an optimiser goes through in one sweep, and what
 * makes the order of every sum the same on every run.
 */
export class ParameterSet {
  /** By name, in the order of {@link numbers}. */
  readonly shapes: ReadonlyMap<string, ParameterShape>;
  /** The elements of all tensors, each row-major. */
  readonly numbers: Float32Array<ArrayBuffer>;
  readonly #tensors: ReadonlyMap<string, Float32Array<ArrayBuffer>>;

  /** All zeros. */
  constructor(shapes: ReadonlyMap<string, ParameterShape>) {
    this.shapes = new Map(shapes);
    const lengths = [...shapes].map(([name, shape]) => [name, shape.reduce((a, b) => a * b, 1)] as const);
    this.numbers = new Float32Array(lengths.reduce((total, [, length]) => total + length, 0));
    let begin = 0;
    const tensors = new Map<string, Float32Array<ArrayBuffer>>();
    for (const [name, length] of lengths) {
      tensors.set(name, this.numbers.subarray(begin, begin + length));
      begin += length;
    }
    this.#tensors = tensors;
  }

  /** The tensors as views of {@link numbers}, in its order. */
  get tensors(): ReadonlyMap<string, Float32Array<ArrayBuffer>> {
    return this.#tensors;
  }

  /**
   * A view of one tensor.
   *
   * @throws RangeError when there is none of that name.
   */
  get(name: string): Float32Array<ArrayBuffer> {
    const tensor = this.#tensors.get(name);
    if (tensor === undefined) throw new RangeError(`There is no parameter "${name}".`);
    return tensor;
  }

  /** Zeros of the same names and shapes. */
  zeros(): ParameterSet {
    return new ParameterSet(this.shapes);
  }

  copy(): ParameterSet {
    const copy = this.zeros();
    copy.numbers.set(this.numbers);
    return copy;
  }

  /** The tensors whose names `wanted` says yes to, copied. */
  only(wanted: (name: string) => boolean): ParameterSet {
    const subset = new ParameterSet(new Map([...this.shapes].filter(([name]) => wanted(name))));
    for (const [name, tensor] of subset.tensors) tensor.set(this.get(name));
    return subset;
  }

  /** A copy in which the tensors of `others` replace those of the same names. */
  with(others: ParameterSet): ParameterSet {
    const copy = this.copy();
    for (const [name, tensor] of others.tensors) copy.get(name).set(tensor);
    return copy;
  }

  /** As inputs of a graph. The feeds are views: they must not be changed while a run uses them. */
  feeds(): Feeds {
    return Object.fromEntries(
      [...this.#tensors].map(([name, data]) => [name, { dtype: 'float32', dims: this.shapes.get(name) ?? [], data }]),
    );
  }
}
