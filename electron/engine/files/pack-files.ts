import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ExportUnavailableError } from '#contract/errors.ts';
import { MOST_ZIP_BYTES, zipped } from '../export/zipped.ts';

/**
 * Puts files into one archive, and removes them.
 *
 * @returns the archive's size in bytes
 * @throws ExportUnavailableError where it would be too large, what the file system throws, the signal's reason
 */
export async function packFiles(files: readonly string[], archive: string, signal: AbortSignal): Promise<number> {
  let bytes = 0;
  for (const file of files) bytes += (await stat(file)).size;
  if (bytes > MOST_ZIP_BYTES) {
    throw new ExportUnavailableError('These files are too large for one archive.', {
      hint: 'Export them into a folder, with the app or on the command line.',
    });
  }
  const entries = files.map((file) => ({ name: basename(file), content: () => createReadStream(file) }));
  await pipeline(zipped(entries), createWriteStream(archive, { flags: 'wx' }), { signal });
  for (const file of files) await rm(file);
  return (await stat(archive)).size;
}
