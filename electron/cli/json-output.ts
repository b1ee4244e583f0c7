import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UnwritableFileError } from '#contract/errors.ts';
import type { Terminal } from './terminal/terminal.ts';

/**
 * Writes one JSON document to `file`, whole or not at all; `-` is standard output.
 *
 * @throws UnwritableFileError
 */
export async function writeJson(terminal: Terminal, file: string, document: unknown): Promise<void> {
  const text = JSON.stringify(document, null, 2);
  if (file === '-') terminal.print(text);
  else await putInPlace(file, (draft) => writeFile(draft, `${text}\n`));
}

/**
 * The same for a document that is a file already, and may be larger than the memory.
 *
 * @throws UnwritableFileError
 */
export async function copyJson(terminal: Terminal, file: string, document: string): Promise<void> {
  if (file === '-') await terminal.printFile(document);
  else await putInPlace(file, (draft) => copyFile(document, draft));
}

async function putInPlace(file: string, write: (draft: string) => Promise<void>): Promise<void> {
  const target = resolve(file);
  const draft = `${target}.${process.pid}.part`;
  try {
    await write(draft);
    await rename(draft, target);
  } catch (thrown) {
    await rm(draft, { force: true });
    throw new UnwritableFileError(`${target} cannot be written.`, {
      hint: 'Choose another place, or make room there.',
      detail: String(thrown),
      cause: thrown,
    });
  }
}
