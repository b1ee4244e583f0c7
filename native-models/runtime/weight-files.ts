import { open } from 'node:fs/promises';
import { WorkerFailure } from './failure.ts';

/** How long a file is kept for the next session of the same bundle. */
const KEEP_MS = 1_000;

/** The most that one read may ask the operating system for. */
const READ_BYTES = 2 ** 30;

/**
 * Weight files in memory, for as long as sessions are being made of them: stem and trunk of a bundle are opened one
 * after the other and read the same file once.
 */
export class WeightFiles {
  readonly #files = new Map<string, Promise<Uint8Array<ArrayBuffer>>>();
  #timer: NodeJS.Timeout | undefined;

  /**
   * The content of `path`. Valid until {@link release}.
   *
   * @throws WorkerFailure of kind `file` when it cannot be read.
   */
  async read(path: string): Promise<Uint8Array> {
    clearTimeout(this.#timer);
    const content = this.#files.get(path) ?? readWhole(path);
    this.#files.set(path, content);
    try {
      return await content;
    } catch (thrown) {
      this.#files.delete(path);
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      throw new WorkerFailure({ kind: 'file', message: `The weights cannot be read: ${reason}` });
    }
  }

  /** Called when a session has been made: the files go soon, unless another session asks for them. */
  releaseSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.release(), KEEP_MS);
    this.#timer.unref();
  }

  /** Gives the memory back now. */
  async release(): Promise<void> {
    clearTimeout(this.#timer);
    const contents = [...this.#files.values()];
    this.#files.clear();
    // Hundreds of megabytes should not wait for the garbage collector, which does not feel their weight.
    for (const content of contents) (await content).buffer.transfer(0);
  }
}

/** Into a buffer that nothing else shares, so that it can be given back. */
async function readWhole(path: string): Promise<Uint8Array<ArrayBuffer>> {
  await using file = await open(path);
  const content = new Uint8Array((await file.stat()).size);
  for (let offset = 0; offset < content.length; ) {
    const { bytesRead } = await file.read(content, offset, Math.min(READ_BYTES, content.length - offset), offset);
    if (bytesRead === 0) throw new Error(`${path} became shorter while it was read.`);
    offset += bytesRead;
  }
  return content;
}
