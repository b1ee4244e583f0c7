import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { FileNotFoundError, PatchlightError } from '#contract/errors.ts';
import { readExactly } from './read-tensor.ts';
import { readSafetensors } from './safetensors.ts';
import type { TensorView } from './tensor-view.ts';
import { readTorchCheckpoint } from './torch-zip.ts';

/** A file of weights: what is in it, and the handle that reads it. Dispose of it to close the file. */
export interface OpenWeights extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly fileBytes: number;
  readonly tensors: ReadonlyMap<string, TensorView>;
  /** Under which name a torch file had them. */
  readonly container: string | null;
}

/**
 * Opens a safetensors file or a checkpoint of `torch.save`, told apart by their first bytes.
 *
 * @throws FileNotFoundError, SafetensorsInvalidError, CheckpointInvalidError, LegacyCheckpointError, ForbiddenGlobalError
 */
export async function openWeights(path: string): Promise<OpenWeights> {
  const info = await stat(path).catch(() => undefined);
  if (!info?.isFile()) throw new FileNotFoundError(`There is no checkpoint at ${path}.`, { hint: 'Check the path.' });
  const handle = await open(path);
  try {
    const content = (await isSafetensors(handle, path, info.size))
      ? { tensors: (await readSafetensors(handle)).tensors, container: null }
      : await readTorchCheckpoint(handle);
    return { ...content, handle, fileBytes: info.size, [Symbol.asyncDispose]: () => handle.close() };
  } catch (error) {
    await handle.close();
    // Below here nobody knows what the file is called.
    if (error instanceof PatchlightError) error.message = `${basename(path)}: ${error.message}`;
    throw error;
  }
}

/** The header's JSON begins at byte 8; the name decides about files that are too short to say. */
async function isSafetensors(handle: FileHandle, path: string, size: number): Promise<boolean> {
  if (path.toLowerCase().endsWith('.safetensors')) return true;
  if (size < 10) return false;
  const head = Buffer.alloc(9);
  await readExactly(handle, head, 0);
  return head[8] === 0x7b && head.toString('latin1', 0, 2) !== 'PK';
}
