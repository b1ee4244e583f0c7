import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** In this time an export is made and fetched; afterwards it may make room for others. */
const KEPT_MS = 24 * 60 * 60 * 1000;

const MOST_BYTES = 8 * 2 ** 30;

interface Limits {
  readonly keptMs: number;
  readonly mostBytes: number;
}

/**
 * Files that were made for a browser to fetch. Those that are not new any more make room, the oldest first, when together
 * they take too much; all go away with the engine, or when the next one starts.
 */
export class Downloads implements AsyncDisposable {
  readonly #folder: string;
  readonly #limits: Limits;

  private constructor(folder: string, limits: Limits) {
    this.#folder = folder;
    this.#limits = limits;
  }

  static async open(folder: string, limits: Partial<Limits> = {}): Promise<Downloads> {
    await rm(folder, { recursive: true, force: true });
    return new Downloads(folder, { keptMs: KEPT_MS, mostBytes: MOST_BYTES, ...limits });
  }

  /** A new folder in which nothing is. */
  async place(): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    await this.#makeRoom();
    return mkdtemp(join(this.#folder, 'export-'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #makeRoom(): Promise<void> {
    const places = await Promise.all((await readdir(this.#folder)).map((name) => useOf(join(this.#folder, name))));
    let bytes = 0;
    for (const place of places.toSorted((a, b) => b.changedAt - a.changedAt)) {
      bytes += place.bytes;
      const isNew = Date.now() - place.changedAt < this.#limits.keptMs;
      if (bytes > this.#limits.mostBytes && !isNew) await rm(place.path, { recursive: true, force: true });
    }
  }
}

/** How much is in a folder, and when something last happened to it, in milliseconds since 1970. */
async function useOf(path: string): Promise<{ path: string; bytes: number; changedAt: number }> {
  const files = await readdir(path, { recursive: true });
  const facts = await Promise.all(['.', ...files].map((name) => stat(join(path, name)).catch(() => null)));
  const present = facts.filter((one) => one !== null);
  return {
    path,
    bytes: present.reduce((sum, one) => sum + (one.isFile() ? one.size : 0), 0),
    changedAt: Math.max(0, ...present.map(({ mtimeMs }) => mtimeMs)),
  };
}
