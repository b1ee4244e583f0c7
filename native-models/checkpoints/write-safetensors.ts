import { createHash, randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { STORED_DTYPES, type StoredDtype } from './stored-dtype.ts';
import { countElements } from './tensor-view.ts';

/** Data begins at a multiple of this, which suits every processor's wide loads and the page cache. */
const ALIGNMENT = 64;

/** A tensor that is to be written. Its data is asked for when its turn comes, so a file of any size takes little memory. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  /** The elements, row-major, little-endian. A chunk is used before the next one is asked for. */
  data(): Iterable<Uint8Array> | AsyncIterable<Uint8Array>;
}

export interface WrittenFile {
  readonly bytes: number;
  /** Of the whole file, in hexadecimal. */
  readonly sha256: string;
}

export interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytesDone: number, bytesTotal: number) => void) | undefined;
}

/**
 * Writes a safetensors file with the tensors in the given order.
 *
 * The file appears under its name only when it is complete.
 *
 * @throws RangeError when an entry gives more or less data than its shape says.
 */
export async function writeSafetensors(
  path: string,
  entries: readonly TensorEntry[],
  { signal, onProgress }: WriteOptions = {},
): Promise<WrittenFile> {
  const { header, total } = layOut(entries);
  const partial = `${path}.${randomUUID()}.partial`;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await using handle = await open(partial, 'wx');
    const write = async (chunk: Uint8Array): Promise<void> => {
      signal?.throwIfAborted();
      hash.update(chunk);
      for (let done = 0; done < chunk.length; ) {
        done += (await handle.write(chunk, done, chunk.length - done)).bytesWritten;
      }
      bytes += chunk.length;
      onProgress?.(bytes, total);
    };
    await write(header);
    for (const entry of entries) {
      const expected = bytes + byteLength(entry);
      for await (const chunk of entry.data()) await write(chunk);
      if (bytes !== expected) {
        throw new RangeError(`"${entry.name}" gave ${bytes - expected} bytes more than [${entry.shape}] take.`);
      }
    }
    await handle.sync();
    await handle.close();
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  return { bytes, sha256: hash.digest('hex') };
}

function layOut(entries: readonly TensorEntry[]): { header: Uint8Array; total: number } {
  // Other libraries refuse a file that does not say which framework's layout it has.
  const fields: [string, unknown][] = [['__metadata__', { format: 'pt' }]];
  let end = 0;
  for (const entry of entries) {
    const begin = end;
    end += byteLength(entry);
    fields.push([entry.name, { dtype: entry.dtype, shape: entry.shape, data_offsets: [begin, end] }]);
  }
  const json = Buffer.from(JSON.stringify(Object.fromEntries(fields)));
  const headerBytes = Math.ceil((8 + json.length) / ALIGNMENT) * ALIGNMENT - 8;
  const header = Buffer.alloc(8 + headerBytes, ' ');
  header.writeBigUInt64LE(BigInt(headerBytes), 0);
  json.copy(header, 8);
  return { header, total: header.length + end };
}

function byteLength({ name, dtype, shape }: TensorEntry): number {
  const count = countElements(shape);
  if (count === null) throw new RangeError(`"${name}" cannot have the shape [${shape}].`);
  return count * STORED_DTYPES[dtype];
}
