import { STORED_DTYPES, type StoredDtype } from './stored-dtype.ts';

/** A tensor that lies in a file: where its elements are, none of them read. */
export interface TensorView {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** Steps between neighbours of each dimension, in elements; never negative. */
  readonly strides: readonly number[];
  /** Of the first element, from the beginning of the file. */
  readonly byteOffset: number;
}

/** Elements of a tensor of `shape`, or `null` when they are more than can be counted exactly. */
export function countElements(shape: readonly number[]): number | null {
  let count = 1;
  // Zero times anything is zero, but only after the other sizes were seen to be harmless.
  for (const size of shape) {
    if (size === 0) continue;
    count *= size;
    if (!Number.isSafeInteger(count)) return null;
  }
  return shape.includes(0) ? 0 : count;
}

/** Strides of a tensor of `shape` whose last dimension is the fastest and that has no gaps. */
export function contiguousStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    strides[dimension] = step;
    step *= Math.max(shape[dimension] ?? 1, 1);
  }
  return strides;
}

/** True when the elements lie in the file in the order in which they count. */
export function isContiguous({ shape, strides }: TensorView): boolean {
  if (shape.includes(0)) return true;
  const wanted = contiguousStrides(shape);
  return shape.every((size, dimension) => size === 1 || strides[dimension] === wanted[dimension]);
}

/** Elements from the first to the last one of the tensor, both included. */
export function spannedElements({ shape, strides }: Pick<TensorView, 'shape' | 'strides'>): number {
  if (shape.includes(0)) return 0;
  return shape.reduce((last, size, dimension) => last + (size - 1) * (strides[dimension] ?? 0), 0) + 1;
}

/** Bytes that the elements take once they lie without gaps. */
export function packedBytes({ dtype, shape }: Pick<TensorView, 'dtype' | 'shape'>): number {
  return (countElements(shape) ?? Number.POSITIVE_INFINITY) * STORED_DTYPES[dtype];
}

/** The first `rows` rows of `view`. */
export function firstRows<T extends TensorView>(view: T, rows: number): T {
  return { ...view, shape: [rows, ...view.shape.slice(1)] };
}
