import { stat } from 'node:fs/promises';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { FileNotFoundError } from '#contract/errors.ts';
import type { DataSet, LabelledVideo } from '../data-set/data-set.ts';

/** What a folder of masks is called beside the lists of a data set. */
const MASKS = 'masks';

/**
 * The folder in which a data set's masks lie, below which they have the videos' paths, with the ending `.png`: for a list
 * `masks` beside it, for a folder of classes the folder of its name in `masks` beside it, as `patchlight motions` has them.
 *
 * @param wanted Another folder, if one was named.
 * @returns null where there is none.
 * @throws FileNotFoundError when the folder that was named is not there.
 */
export async function maskFolder({ path }: DataSet, wanted?: string): Promise<string | null> {
  if (wanted !== undefined) return await namedMaskFolder(wanted);
  const beside = join(dirname(path), MASKS);
  const folder = (await isFolder(path)) ? join(beside, basename(path)) : beside;
  return (await isFolder(folder)) ? folder : null;
}

/**
 * A folder of masks that was named.
 *
 * @throws FileNotFoundError when it is not there.
 */
export async function namedMaskFolder(name: string): Promise<string> {
  const folder = resolve(name);
  if (await isFolder(folder)) return folder;
  throw new FileNotFoundError(`There is no folder of masks at ${folder}.`, {
    hint: 'Masks lie in a folder as what they belong to does, with the ending .png.',
  });
}

/** Where the mask of a video is, if it has one; null for videos that a list names from the root of the disk. */
export function maskPath(folder: string, { name }: Pick<LabelledVideo, 'name'>): string | null {
  if (isAbsolute(name)) return null;
  return join(folder, `${name.slice(0, name.length - extname(name).length)}.png`);
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}
