import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { BundleInvalidError } from '#contract/errors.ts';
import type { Bundle } from './load-bundle.ts';

export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytesDone: number, bytesTotal: number) => void) | undefined;
}

/**
 * Reads all weights and compares them with the checksum in the manifest.
 *
 * @throws BundleInvalidError when they are not the ones that the bundle was made with.
 */
export async function verifyBundle(bundle: Bundle, { signal, onProgress }: VerifyOptions = {}): Promise<void> {
  const { bytes, sha256 } = bundle.manifest.weights;
  const hash = createHash('sha256');
  let done = 0;
  for await (const chunk of createReadStream(bundle.weightsPath, { highWaterMark: 2 ** 20, signal })) {
    hash.update(chunk);
    done += chunk.length;
    onProgress?.(done, bytes);
  }
  if (hash.digest('hex') === sha256) return;
  throw new BundleInvalidError(`The weights of ${bundle.manifest.name} are not the ones that its manifest describes.`, {
    hint: 'The file was changed or damaged. Import the model again, or download the bundle again.',
  });
}
