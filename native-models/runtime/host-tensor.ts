import type { DType } from '../onnx/dtype.ts';

/** The arrays that hold a tensor's numbers: float16 as `Float16Array` or as the same bits in a `Uint16Array`. */
export type TensorData = Float32Array | Float16Array | Uint16Array | BigInt64Array | Int32Array | Uint8Array;

/** A tensor in ordinary memory, row-major. `bool` is one byte an element, 0 or 1. */
export interface HostTensor {
  readonly dtype: DType;
  readonly dims: readonly number[];
  readonly data: TensorData;
}

/** The inputs of one run, by the names that the graph gave them. */
export type Feeds = Readonly<Record<string, HostTensor>>;

/** The outputs of one run, by the names that the graph gave them. float16 comes as `Float16Array`. */
export type Results = Readonly<Record<string, HostTensor>>;

/** A view of the same bytes as `source`, which must not outlive them, in another array type. */
export function float16Of(source: Uint16Array | Float16Array): Float16Array {
  return source instanceof Float16Array ? source : new Float16Array(source.buffer, source.byteOffset, source.length);
}
