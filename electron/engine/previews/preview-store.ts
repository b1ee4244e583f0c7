import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';

/** Raised when previews are made in another way than before: older ones are made anew. */
const GENERATION = 1;

const NAME = new RegExp(`^[0-9a-f]{32}-${GENERATION}\\.mp4$`);

interface Stored {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly usedAt: number;
}

/**
 * Previews on disk, named by the content of the video that they show. Together they take so many bytes at most; those that
 * were not asked for longest go first, and the latest one always stays.
 */
export class PreviewStore {
  readonly #folder: string;
  readonly #mostBytes: () => number;
  #tidying: Promise<void> = Promise.resolve();

  private constructor(folder: string, mostBytes: () => number) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
  }

  /**
   * Opens the store, and removes what a killed engine left in it. Nobody else may be using the folder.
   *
   * @param mostBytes asked whenever there may be too much
   */
  static async open(folder: string, mostBytes: () => number): Promise<PreviewStore> {
    const store = new PreviewStore(folder, mostBytes);
    for (const name of await namesIn(folder)) {
      if (!NAME.test(name)) await rm(join(folder, name), { recursive: true, force: true });
    }
    await store.prune();
    return store;
  }

  /** Where the preview of a content lies; null when there is none. It counts as used now. */
  async find(content: string): Promise<string | null> {
    const path = this.#place(content);
    const facts = await stat(path).catch(() => null);
    if (!facts?.isFile()) return null;
    // Only when it was read: the time of change, with its fractions, is part of what a player knows it by.
    await utimes(path, Date.now() / 1000, facts.mtimeMs / 1000);
    return path;
  }

  /**
   * Adds a preview, whole or not at all.
   *
   * @param write writes it to the path that it is given; what it throws is thrown on
   */
  async add(content: string, write: (draft: string) => Promise<void>): Promise<string> {
    const path = this.#place(content);
    const draft = `${path}.${randomBytes(6).toString('hex')}.part`;
    await mkdir(this.#folder, { recursive: true });
    try {
      await write(draft);
      await rename(draft, path);
    } catch (thrown) {
      await rm(draft, { force: true });
      throw thrown;
    }
    await this.prune();
    return path;
  }

  /** Removes what is too much. */
  prune(): Promise<void> {
    this.#tidying = this.#tidying.then(() => this.#removeOldest());
    return this.#tidying;
  }

  async #removeOldest(): Promise<void> {
    const [latest, ...others] = (await this.#all()).sort((a, b) => b.usedAt - a.usedAt);
    let bytes = latest?.bytes ?? 0;
    for (const one of others) {
      bytes += one.bytes;
      // Where files that are being read cannot be removed, the next time will do.
      if (bytes > this.#mostBytes()) await rm(one.path, { force: true }).catch(() => {});
    }
  }

  async #all(): Promise<Stored[]> {
    const stored: Stored[] = [];
    for (const name of await namesIn(this.#folder)) {
      const path = join(this.#folder, name);
      const facts = NAME.test(name) ? await stat(path).catch(() => null) : null;
      if (facts !== null) stored.push({ path, bytes: facts.size, usedAt: Math.max(facts.atimeMs, facts.mtimeMs) });
    }
    return stored;
  }

  #place(content: string): string {
    return join(this.#folder, `${content}-${GENERATION}.mp4`);
  }
}

/** Empty where there is no such folder yet. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
