import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { FileNotFoundError } from '#contract/errors.ts';

/**
 * SHA-256 of a whole file, in hexadecimal digits, and its size.
 *
 * @throws FileNotFoundError, the signal's reason
 */
export async function fileDigest(path: string, signal?: AbortSignal): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20, ...(signal && { signal }) })) {
      hash.update(chunk);
      bytes += chunk.length;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new FileNotFoundError(`${path} cannot be read.`, { hint: 'It may have been moved or deleted.', cause });
  }
  return { sha256: hash.digest('hex'), bytes };
}
