import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { FileNotFoundError } from '#contract/errors.ts';

/** Up to this size a file is read whole. */
const WHOLE_BYTES = 64 * 2 ** 20;
const SAMPLES = 64;
const SAMPLE_BYTES = 64 * 2 ** 10;

/**
 * Names a file's content: 32 hexadecimal digits that are the same for a copy under another name. Of a large file only samples
 * are read, and its time of change counts as well, since a change may lie between the samples.
 *
 * @throws FileNotFoundError, the signal's reason
 */
export async function contentKey(path: string, signal?: AbortSignal): Promise<string> {
  const file = await open(path).catch((cause: unknown) => {
    throw new FileNotFoundError(`${path} cannot be read.`, { hint: 'It may have been moved: open it again.', cause });
  });
  try {
    const { size, mtimeMs } = await file.stat();
    const hash = createHash('sha256').update(`${size}\n`);
    if (size <= WHOLE_BYTES) await addSpan(hash, file, 0, size, signal);
    else {
      hash.update(`${mtimeMs}\n`);
      // The first sample begins at the beginning, the last one ends at the end.
      for (let i = 0; i < SAMPLES; i++) {
        const start = Math.floor(((size - SAMPLE_BYTES) * i) / (SAMPLES - 1));
        await addSpan(hash, file, start, SAMPLE_BYTES, signal);
      }
    }
    return hash.digest('hex').slice(0, 32);
  } finally {
    await file.close();
  }
}

async function addSpan(
  hash: ReturnType<typeof createHash>,
  file: FileHandle,
  start: number,
  length: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const buffer = new Uint8Array(Math.min(length, 2 ** 20));
  for (let done = 0; done < length; ) {
    signal?.throwIfAborted();
    const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, length - done), start + done);
    if (bytesRead === 0) return;
    hash.update(buffer.subarray(0, bytesRead));
    done += bytesRead;
  }
}
