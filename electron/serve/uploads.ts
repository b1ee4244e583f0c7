import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Characters that some file system does not take, and what could lead elsewhere. */
const UNFIT = /[\p{Cc}<>:"/\\|?*]/gu;

/**
 * Files that were dropped into a browser: it does not say where they lie, so they are copied, and the copies go away with
 * the server.
 */
export class Uploads implements AsyncDisposable {
  readonly #root: string;
  readonly #folder: string;

  /** @param root Where each server has a folder of its own. */
  constructor(root: string) {
    this.#root = root;
    this.#folder = join(root, randomUUID());
  }

  /** Removes what servers left that were killed. Only when no other one can be running. */
  async clearOthers(): Promise<void> {
    for (const name of await readdir(this.#root).catch((): string[] => [])) {
      const folder = join(this.#root, name);
      if (folder !== this.#folder) await rm(folder, { recursive: true, force: true });
    }
  }

  /** Takes the body of a request; gives where the copy lies. Nothing is left of one that broke off. */
  async take(request: IncomingMessage, name: string): Promise<string> {
    const folder = join(this.#folder, randomUUID());
    await mkdir(folder, { recursive: true });
    // Its name tells people which file it is, and ffmpeg sometimes the format.
    const path = join(folder, basename(name).replaceAll(UNFIT, '_').replace(/^\.+/, '').slice(-120) || 'video');
    try {
      await pipeline(request, createWriteStream(path, { flags: 'wx', mode: 0o600 }));
      if (!request.complete) throw new Error('The upload broke off.');
      return path;
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true });
      throw thrown;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
