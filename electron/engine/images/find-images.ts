import { stat } from 'node:fs/promises';
import { basename, extname, relative, resolve } from 'node:path';
import { FileNotFoundError } from '#contract/errors.ts';
import { IMAGE_EXTENSIONS } from '#contract/image-files.ts';
import { filesBelow } from '../files/files-below.ts';

export interface FoundImages {
  /** Whether a folder was named, and not an image. */
  readonly isFolder: boolean;
  readonly images: readonly {
    readonly path: string;
    /** From the folder that was named, with `/`. */
    readonly name: string;
  }[];
}

/**
 * The images that a path stands for: a folder for all in it and below it, anything else for itself.
 *
 * @throws FileNotFoundError where a folder has no image
 */
export async function findImages(path: string): Promise<FoundImages> {
  const root = resolve(path);
  if (!(await stat(root).catch(() => null))?.isDirectory()) {
    return { isFolder: false, images: [{ path: root, name: basename(root) }] };
  }
  const found = await filesBelow(root, (name) => IMAGE_EXTENSIONS.includes(extname(name).slice(1).toLowerCase()));
  if (found.length === 0) {
    throw new FileNotFoundError(`There is no image in ${root}.`, {
      hint: `Looked for ${IMAGE_EXTENSIONS.join(', ')}.`,
    });
  }
  return {
    isFolder: true,
    images: found.map((one) => ({ path: one, name: relative(root, one).replaceAll('\\', '/') })),
  };
}
