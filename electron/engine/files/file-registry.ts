import { createHmac } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { FileNotFoundError, UnknownFileError } from '#contract/errors.ts';
import type { FileId, GrantedFile } from '#contract/files.ts';

interface Grant {
  readonly path: string;
  /** A copy that goes away with the program. */
  readonly temporary: boolean;
}

/**
 * The files that pages may ask for, by ids that say nothing.
 *
 * An id is the file's path under a key that the process owning the window has drawn by chance: nobody else can make one up,
 * and the same file has the same id after the engine was started again. Only what was granted is found.
 */
export class FileRegistry {
  readonly #secret: string;
  readonly #grants = new Map<FileId, Grant>();

  constructor(secret: string) {
    this.#secret = secret;
  }

  /** @throws FileNotFoundError when there is nothing at `path`. */
  async grant(path: string, temporary = false): Promise<GrantedFile> {
    const absolute = resolve(path);
    const real = await realpath(absolute).catch((cause: unknown) => {
      throw new FileNotFoundError(`There is no file at ${absolute}.`, { hint: 'Check the path.', cause });
    });
    return this.remember(real, temporary);
  }

  /** As {@link grant}, for a path that was granted before and may be gone by now. */
  remember(path: string, temporary = false): GrantedFile {
    const file = createHmac('sha256', this.#secret).update(path).digest('base64url').slice(0, 22);
    const known = this.#grants.get(file);
    this.#grants.set(file, { path, temporary: known?.temporary ?? temporary });
    return { file, name: basename(path) };
  }

  /** @throws UnknownFileError when it was never granted. */
  path(file: FileId): string {
    return this.#find(file).path;
  }

  isTemporary(file: FileId): boolean {
    return this.#find(file).temporary;
  }

  #find(file: FileId): Grant {
    const grant = this.#grants.get(file);
    if (grant !== undefined) return grant;
    throw new UnknownFileError('That file was not opened here.', { hint: 'Open it again.' });
  }
}
