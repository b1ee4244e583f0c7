import type { FileHandle } from 'node:fs/promises';
import { CheckpointInvalidError } from '#contract/errors.ts';
import { STORED_DTYPES } from './stored-dtype.ts';
import { isContiguous, packedBytes, spannedElements, type TensorView } from './tensor-view.ts';

/** Bytes read at once: enough for the disk to stream, too little to matter for memory. */
const CHUNK_BYTES = 2 ** 20;

/**
 * The elements of `view` in row-major order, little-endian, in chunks of whole elements.
 *
 * A chunk is valid until the next one is asked for: the memory is used again. Chunks begin at an address that every
 * element type may be read from.
 *
 * @throws CheckpointInvalidError when the file ends before the tensor does.
 */
export async function* tensorChunks(
  handle: FileHandle,
  view: TensorView,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  if (isContiguous(view)) yield* byteRange(handle, view.byteOffset, packedBytes(view), signal);
  else yield* gathered(handle, view, signal);
}

/** All elements of `view` at once, row-major, little-endian. */
export async function readTensor(handle: FileHandle, view: TensorView): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(packedBytes(view));
  let filled = 0;
  for await (const chunk of tensorChunks(handle, view)) {
    bytes.set(chunk, filled);
    filled += chunk.length;
  }
  return bytes;
}

async function* byteRange(handle: FileHandle, start: number, length: number, signal?: AbortSignal) {
  const buffer = new Uint8Array(Math.min(length, CHUNK_BYTES));
  for (let done = 0; done < length; done += buffer.length) {
    signal?.throwIfAborted();
    const chunk = buffer.subarray(0, Math.min(buffer.length, length - done));
    await readExactly(handle, chunk, start + done);
    yield chunk;
  }
}

/** Transposed and cut tensors: what they span is read once and their elements are picked out of it. */
async function* gathered(handle: FileHandle, view: TensorView, signal?: AbortSignal) {
  const size = STORED_DTYPES[view.dtype];
  const span = new Uint8Array(spannedElements(view) * size);
  await readExactly(handle, span, view.byteOffset);
  const total = packedBytes(view);
  const chunk = new Uint8Array(Math.min(total, CHUNK_BYTES));
  let filled = 0;
  for (const element of elementOrder(view)) {
    for (let byte = 0; byte < size; byte++) chunk[filled++] = span[element * size + byte] ?? 0;
    if (filled < chunk.length) continue;
    signal?.throwIfAborted();
    yield chunk;
    filled = 0;
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

/** Places of the elements, counted from the first one, in row-major order. */
function* elementOrder({ shape, strides }: TensorView): Generator<number, void, void> {
  const index = new Array<number>(shape.length).fill(0);
  let place = 0;
  for (;;) {
    yield place;
    let dimension = shape.length - 1;
    for (; dimension >= 0; dimension--) {
      const at = (index[dimension] ?? 0) + 1;
      const stride = strides[dimension] ?? 0;
      if (at < (shape[dimension] ?? 0)) {
        index[dimension] = at;
        place += stride;
        break;
      }
      place -= (at - 1) * stride;
      index[dimension] = 0;
    }
    if (dimension < 0) return;
  }
}

/** Fills `target` with the bytes of the file from `position` on. */
export async function readExactly(handle: FileHandle, target: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < target.length) {
    const { bytesRead } = await handle.read(target, done, target.length - done, position + done);
    if (bytesRead === 0) {
      throw new CheckpointInvalidError(`The file ends at byte ${position + done}, in the middle of a tensor.`, {
        hint: 'Download or copy it again: it is not complete.',
      });
    }
    done += bytesRead;
  }
}
