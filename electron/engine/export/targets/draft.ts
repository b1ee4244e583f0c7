import { randomBytes } from 'node:crypto';
import { appendFile, link, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TargetExistsError } from '#contract/errors.ts';
import { isRunning } from '#native-models/bundle/is-running.ts';
import { userDataDirectory } from '#native-models/bundle/user-data-directory.ts';
import { writeFailure } from './file-failure.ts';

/** Where it is written down which drafts there are, so that those of a program that was killed can be removed. */
const notesFolder = () => join(userDataDirectory(), 'unfinished-exports');

/** The name of drafts; nothing else is ever removed. */
const DRAFT = /^\.patchlight-[0-9a-f]{16}\.part(\.\w+)?$/;

/**
 * A file while it is written: beside its target, under another name. It becomes the target when it is whole, or goes away
 * with its scope.
 */
export class Draft implements AsyncDisposable {
  readonly path: string;
  readonly target: string;
  readonly #note: string;

  private constructor(path: string, target: string, note: string) {
    this.path = path;
    this.target = target;
    this.#note = note;
  }

  /**
   * Makes the target's folder, and an empty draft in it.
   *
   * @param ending Of the draft's name, for programs that go by it: `.mp4`.
   * @throws UnwritableFileError, DiskFullError
   */
  static async begin(target: string, ending = ''): Promise<Draft> {
    const id = randomBytes(8).toString('hex');
    const path = join(dirname(target), `.patchlight-${id}.part${ending}`);
    const note = join(notesFolder(), `${process.pid}-${id}.json`);
    const draft = new Draft(path, target, note);
    try {
      await mkdir(notesFolder(), { recursive: true });
      await writeFile(note, JSON.stringify({ draft: path }));
      await mkdir(dirname(target), { recursive: true });
      await (await open(path, 'wx')).close();
      return draft;
    } catch (thrown) {
      await draft[Symbol.asyncDispose]();
      throw writeFailure(target, thrown);
    }
  }

  /** Writes the whole content. @throws UnwritableFileError, DiskFullError, what `content` throws, the signal's reason */
  async write(content: AsyncIterable<string | Uint8Array>, signal: AbortSignal): Promise<void> {
    // What the content itself throws is its own business, and not a failure to write.
    const file = await open(this.path, 'w').catch((thrown: unknown) => {
      throw writeFailure(this.target, thrown);
    });
    try {
      for await (const chunk of content) {
        signal.throwIfAborted();
        await file.writeFile(chunk).catch((thrown: unknown) => {
          throw writeFailure(this.target, thrown);
        });
      }
    } finally {
      await file.close();
    }
    signal.throwIfAborted();
  }

  /** Adds to its end. @throws UnwritableFileError, DiskFullError */
  async append(content: string): Promise<void> {
    await appendFile(this.path, content).catch((thrown: unknown) => {
      throw writeFailure(this.target, thrown);
    });
  }

  /** By which the file will be known in its place. */
  async stamp(): Promise<{ readonly bytes: number; readonly modifiedMs: number }> {
    const { size, mtimeMs } = await stat(this.path);
    return { bytes: size, modifiedMs: mtimeMs };
  }

  /**
   * Puts the draft in the place of its target.
   *
   * @throws TargetExistsError where there is something and it is not to be replaced; UnwritableFileError, DiskFullError
   */
  async finish(overwrite: boolean): Promise<void> {
    try {
      if (overwrite || !(await this.#linked())) await rename(this.path, this.target);
    } catch (thrown) {
      throw writeFailure(this.target, thrown);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // What cannot be removed now is tried again at the next start.
    if (await isRemoved(this.path)) await rm(this.#note, { force: true });
  }

  /** True when the target is there now. A link never replaces anything, even what came a moment ago. */
  async #linked(): Promise<boolean> {
    try {
      await link(this.path, this.target);
      return true;
    } catch (thrown) {
      const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
      if (code === 'EEXIST') throw targetExists(this.target);
      // Some file systems have no links.
      if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') return false;
      throw thrown;
    }
  }
}

export function targetExists(target: string): TargetExistsError {
  return new TargetExistsError(`There is already a file ${target}.`, {
    hint: 'Let it be replaced (--overwrite), or choose another name or folder.',
  });
}

/** Removes what programs left that ended in the middle of an export. Those that still run keep theirs. */
export async function removeLeftDrafts(): Promise<void> {
  for (const name of await readdir(notesFolder()).catch(() => [])) {
    const pid = Number(/^(\d+)-[0-9a-f]{16}\.json$/.exec(name)?.[1]);
    if (!(pid > 0) || isRunning(pid)) continue;
    const note = join(notesFolder(), name);
    const draft = await draftIn(note);
    // On a drive that is not there now it is tried again at the next start.
    if (draft !== null && !(await isRemoved(draft))) continue;
    await rm(note, { force: true });
  }
}

async function draftIn(note: string): Promise<string | null> {
  try {
    const { draft } = JSON.parse(await readFile(note, 'utf8'));
    const name = typeof draft === 'string' ? draft.slice(dirname(draft).length + 1) : '';
    return DRAFT.test(name) ? draft : null;
  } catch {
    return null;
  }
}

async function isRemoved(path: string): Promise<boolean> {
  try {
    await rm(path, { force: true });
    return true;
  } catch (thrown) {
    // Where there is no folder there is no draft.
    return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOTDIR';
  }
}
