import { CheckpointInvalidError } from '#contract/errors.ts';
import type { BundleDtype, StoredDtype } from './stored-dtype.ts';

/** The type in which a bundle keeps weights that were stored as `dtype`. */
export function bundleDtype(dtype: StoredDtype): BundleDtype {
  return dtype === 'F16' ? 'F16' : 'F32';
}

/**
 * The same numbers in {@link bundleDtype}: BF16 exactly, F64 rounded to the nearest.
 *
 * @param chunk Whole elements, aligned to their size.
 */
export function toBundleDtype(chunk: Uint8Array<ArrayBuffer>, dtype: StoredDtype): Uint8Array<ArrayBuffer> {
  switch (dtype) {
    case 'F32':
    case 'F16':
      return chunk;
    case 'BF16': {
      // A bfloat16 is the upper half of a float32.
      const halves = new Uint16Array(chunk.buffer, chunk.byteOffset, chunk.length / 2);
      return bytesOf(Uint32Array.from(halves, (half) => half << 16));
    }
    case 'F64':
      return bytesOf(Float32Array.from(new Float64Array(chunk.buffer, chunk.byteOffset, chunk.length / 8)));
    default:
      throw new CheckpointInvalidError(`Weights of type ${dtype} cannot be used.`);
  }
}

/** How many of the F32 or F16 numbers in `chunk` are infinite or no numbers: their exponents are all ones. */
export function countNonFinite(chunk: Uint8Array<ArrayBuffer>, dtype: BundleDtype): number {
  let count = 0;
  if (dtype === 'F32') {
    for (const bits of new Uint32Array(chunk.buffer, chunk.byteOffset, chunk.length / 4)) {
      if ((bits & 0x7f800000) === 0x7f800000) count++;
    }
  } else {
    for (const bits of new Uint16Array(chunk.buffer, chunk.byteOffset, chunk.length / 2)) {
      if ((bits & 0x7c00) === 0x7c00) count++;
    }
  }
  return count;
}

function bytesOf(values: Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.buffer);
}
