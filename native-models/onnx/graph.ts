import { GraphError } from '#contract/errors.ts';
import { type Dim, type DimLike, elements, formatShape, type Shape, shapeOf } from './dim.ts';
import { DTYPES, type DType } from './dtype.ts';

/** An attribute of a node, in the kinds ONNX knows. */
export type Attribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'ints'; readonly value: readonly number[] };

/** A tensor in a graph: known by its place, element type and shape, not by its numbers. */
export interface Value<D extends DType = DType> {
  readonly graph: Graph;
  readonly name: string;
  readonly dtype: D;
  readonly shape: Shape;
}

/** One operator at work. An absent optional input is `null`. */
export interface GraphNode {
  readonly operator: string;
  readonly domain: '' | 'com.microsoft';
  readonly inputs: readonly (Value | null)[];
  readonly outputs: readonly Value[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}

/** Where the numbers of an initializer are: inside the graph, or in a file beside it (ONNX external data). */
export type InitializerData =
  | { readonly kind: 'inline'; readonly bytes: Uint8Array }
  | { readonly kind: 'external'; readonly file: string; readonly byteOffset: number; readonly byteLength: number };

export interface Initializer {
  readonly value: Value;
  readonly data: InitializerData;
}

/**
 * A computation under construction: nodes in the order in which they were added, which is a topological order.
 *
 * Operators are functions over {@link Value}s (`operators/`); they check shapes and add nodes here. Nodes stay
 * readable (operator, inputs, outputs, attributes), so that a gradient can be derived by walking them backwards.
 */
export class Graph {
  readonly name: string;
  readonly #inputs: Value[] = [];
  readonly #initializers: Initializer[] = [];
  readonly #nodes: GraphNode[] = [];
  readonly #outputs: { readonly name: string; readonly value: Value }[] = [];
  readonly #taken = new Set<string>();
  readonly #constants = new Map<string, Value>();
  readonly #numbers = new Map<Value, readonly number[]>();
  readonly #external = new Map<string, Value>();

  constructor(name: string) {
    this.name = name;
  }

  get inputs(): readonly Value[] {
    return this.#inputs;
  }

  get initializers(): readonly Initializer[] {
    return this.#initializers;
  }

  get nodes(): readonly GraphNode[] {
    return this.#nodes;
  }

  get outputs(): readonly { readonly name: string; readonly value: Value }[] {
    return this.#outputs;
  }

  /** A tensor that is fed at every run. Named sizes (`'batch'`) may differ from run to run. */
  input<D extends DType>(name: string, dtype: D, sizes: readonly DimLike[]): Value<D> {
    const value = this.#value(this.#claim(name), dtype, shapeOf(sizes));
    this.#inputs.push(value);
    return value;
  }

  /**
   * A tensor whose numbers lie in `file`, `byteLength` bytes from `byteOffset` (unaligned offsets are fine). The same
   * stretch of a file is one value, however often it is asked for.
   */
  external<D extends DType>(
    name: string,
    dtype: D,
    sizes: readonly number[],
    at: { readonly file: string; readonly byteOffset: number },
  ): Value<D> {
    const shape = shapeOf(sizes);
    const byteLength = sizes.reduce((product, size) => product * size, DTYPES[dtype].bytes);
    const key = `${at.file} ${at.byteOffset} ${dtype} ${formatShape(shape)}`;
    const known = this.#external.get(key);
    if (known !== undefined) return known as Value<D>;
    const value = this.#value(this.#claim(name), dtype, shape);
    this.#initializers.push({
      value,
      data: { kind: 'external', file: at.file, byteOffset: at.byteOffset, byteLength },
    });
    this.#external.set(key, value);
    return value;
  }

  /** A tensor whose numbers are part of the graph: for constants of a few bytes. */
  constant<D extends DType>(dtype: D, sizes: readonly number[], numbers: readonly number[]): Value<D> {
    const shape = shapeOf(sizes);
    if (elements(shape).constant !== numbers.length) {
      throw new GraphError(`A constant of shape ${formatShape(shape)} cannot hold ${numbers.length} numbers.`);
    }
    const key = `${dtype} ${formatShape(shape)} ${numbers.join(' ')}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known as Value<D>;
    const value = this.#value(this.#fresh('constant'), dtype, shape);
    this.#initializers.push({ value, data: { kind: 'inline', bytes: packNumbers(dtype, numbers) } });
    this.#constants.set(key, value);
    this.#numbers.set(value, numbers);
    return value;
  }

  /** The numbers of a {@link constant}; undefined for every other value. */
  numbersOf(value: Value): readonly number[] | undefined {
    return this.#numbers.get(value);
  }

  /** Adds one operator. Called by the functions in `operators/`, which know how shapes follow. */
  add(
    operator: string,
    inputs: readonly (Value | null)[],
    outputs: readonly { readonly dtype: DType; readonly shape: Shape }[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain: GraphNode['domain'] = '',
  ): readonly Value[] {
    for (const input of inputs) {
      if (input !== null && input.graph !== this) {
        throw new GraphError(`${operator} in "${this.name}" was given "${input.name}" of graph "${input.graph.name}".`);
      }
    }
    const made = outputs.map(({ dtype, shape }) => this.#value(this.#fresh(operator), dtype, shape));
    this.#nodes.push({ operator, domain, inputs, outputs: made, attributes });
    return made;
  }

  /** Makes `value` a result of every run, under `name`. */
  output(name: string, value: Value): void {
    if (value.graph !== this) throw new GraphError(`"${value.name}" belongs to graph "${value.graph.name}".`);
    this.#outputs.push({ name: this.#claim(name), value });
  }

  /** An input and axis whose size is the symbol, so that the size can be read while the graph runs. */
  sourceOf(symbol: string): { readonly input: Value; readonly axis: number } {
    for (const input of this.#inputs) {
      const axis = input.shape.findIndex((dim: Dim) => dim.equals(symbol));
      if (axis >= 0) return { input, axis };
    }
    throw new GraphError(`No input of graph "${this.name}" has "${symbol}" as the size of an axis.`);
  }

  #value<D extends DType>(name: string, dtype: D, shape: Shape): Value<D> {
    return { graph: this, name, dtype, shape };
  }

  #claim(name: string): string {
    if (this.#taken.has(name)) throw new GraphError(`Graph "${this.name}" already has a value called "${name}".`);
    this.#taken.add(name);
    return name;
  }

  #fresh(stem: string): string {
    let number = this.#taken.size;
    while (this.#taken.has(`${stem}_${number}`)) number++;
    return this.#claim(`${stem}_${number}`);
  }
}

function packNumbers(dtype: DType, numbers: readonly number[]): Uint8Array {
  switch (dtype) {
    case 'float32':
      return bytesOf(Float32Array.from(numbers));
    case 'float16':
      return bytesOf(Float16Array.from(numbers));
    case 'int64':
      return bytesOf(BigInt64Array.from(numbers, BigInt));
    case 'int32':
      return bytesOf(Int32Array.from(numbers));
    case 'uint8':
    case 'bool':
      return Uint8Array.from(numbers);
  }
}

function bytesOf(array: ArrayBufferView): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
