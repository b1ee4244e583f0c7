import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that were made for a browser to fetch. They go away with the engine, or when the next one starts. */
export class Downloads implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async open(folder: string): Promise<Downloads> {
    await rm(folder, { recursive: true, force: true });
    return new Downloads(folder);
  }

  /** A new folder in which nothing is. */
  async place(): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    return mkdtemp(join(this.#folder, 'export-'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}
