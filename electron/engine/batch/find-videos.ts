import { glob, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FileNotFoundError } from '#contract/errors.ts';
import { filesBelow } from '../files/files-below.ts';
import { isVideoName } from '../files/video-names.ts';

/**
 * The videos that an argument of the command line stands for: a folder for all videos in it and below it, a pattern for what
 * fits, anything else for itself. Links to folders are not followed.
 *
 * @throws FileNotFoundError where a folder has no video, or nothing fits a pattern
 */
export async function findVideos(argument: string): Promise<string[]> {
  const info = await stat(argument).catch(() => null);
  if (info?.isDirectory()) {
    const found = await filesBelow(resolve(argument), isVideoName);
    if (found.length > 0) return found;
    throw new FileNotFoundError(`There is no video in ${argument}.`, { hint: 'Give another folder, or the files.' });
  }
  // A file may be called as a pattern is.
  if (info !== null || !/[*?[{]/.test(argument)) return [resolve(argument)];
  const found = (await Array.fromAsync(glob(argument))).map((path) => resolve(path)).sort();
  const files: string[] = [];
  for (const path of found) if ((await stat(path).catch(() => null))?.isFile()) files.push(path);
  if (files.length > 0) return files;
  throw new FileNotFoundError(`No file fits ${argument}.`, { hint: 'Check the pattern and the folder.' });
}
