import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { z } from 'zod';
import type { NoticeBoard } from './notice-board.ts';
import { setAside } from './set-aside.ts';
import { writeAtomically } from './write-atomically.ts';

export interface StateFileOptions<T> {
  readonly path: string;
  /** What is in it, for people. */
  readonly what: string;
  readonly version: number;
  readonly schema: z.ZodType<T>;
  readonly initial: T;
  readonly notices: NoticeBoard;
}

const wrapperSchema = z.object({ version: z.int(), state: z.unknown() });

/**
 * A value that outlives the program: read once, kept in memory, written whole after each change, one write at a time.
 *
 * A file that cannot be understood (damaged, or of a later version) is set aside with a notice, and the initial value takes
 * its place: the program always starts.
 */
export class StateFile<T> {
  readonly #options: StateFileOptions<T>;
  #value: T;
  #writing: Promise<void> = Promise.resolve();
  #dirty = false;

  private constructor(options: StateFileOptions<T>, value: T) {
    this.#options = options;
    this.#value = value;
  }

  static async open<T>(options: StateFileOptions<T>): Promise<StateFile<T>> {
    const text = await readFile(options.path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    if (text === null) return new StateFile(options, options.initial);
    const { value, fault } = understand(text, options);
    if (fault === undefined) return new StateFile(options, value);
    const keptAs = await setAside(options.path);
    options.notices.post({
      code: 'state-set-aside',
      what: options.what,
      message: `The file with ${options.what} could not be read (${fault}). It was set aside, and ${options.what} begin anew.`,
      keptAs,
    });
    return new StateFile(options, options.initial);
  }

  get value(): T {
    return this.#value;
  }

  /** Changes the value at once; {@link settled} tells when it is on disk. */
  set(value: T): void {
    this.#value = value;
    if (this.#dirty) return;
    this.#dirty = true;
    // Changes that come while a write is under way are written together.
    this.#writing = this.#writing.then(() => this.#write());
  }

  /** Fulfilled when everything is on disk. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async #write(): Promise<void> {
    const { path, version, what, notices } = this.#options;
    this.#dirty = false;
    try {
      await writeAtomically(path, `${JSON.stringify({ version, state: this.#value }, null, 2)}\n`);
    } catch (thrown) {
      // A full disk must not end the work; the next change tries again.
      notices.post({
        code: 'state-unwritable',
        message: `The file with ${what} (${basename(path)}) could not be written; changes may be lost when the program ends.`,
        detail: String(thrown),
      });
    }
  }
}

function understand<T>(
  text: string,
  { version, schema, initial }: StateFileOptions<T>,
): { readonly value: T; readonly fault?: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { value: initial, fault: 'it is not JSON' };
  }
  const wrapper = wrapperSchema.safeParse(parsed);
  if (!wrapper.success) return { value: initial, fault: 'it has no version' };
  if (wrapper.data.version !== version) {
    return { value: initial, fault: `it is of version ${wrapper.data.version}, and this program knows ${version}` };
  }
  const state = schema.safeParse(wrapper.data.state);
  if (state.success) return { value: state.data };
  return { value: initial, fault: z.prettifyError(state.error).replaceAll('\n', ' ') };
}
