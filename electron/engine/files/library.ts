import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LibraryFile } from '#contract/videos.ts';
import type { FileRegistry } from './file-registry.ts';
import { isVideoName } from './video-names.ts';

const MOST_FILES = 2000;
const DEEPEST = 4;

/**
 * The videos in a folder and the folders in it, by name. Links are not followed, so nothing outside is reached.
 *
 * @param isExported Tells of videos that were exported into the folder: they are none of its own.
 */
export async function listLibrary(
  folder: string,
  files: FileRegistry,
  isExported: (path: string) => Promise<boolean> = async () => false,
): Promise<LibraryFile[]> {
  const found: LibraryFile[] = [];
  const visit = async (directory: string, prefix: string, depth: number): Promise<void> => {
    const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (found.length >= MOST_FILES || entry.name.startsWith('.')) continue;
      const path = join(directory, entry.name);
      const name = `${prefix}${entry.name}`;
      if (entry.isDirectory() && depth < DEEPEST) await visit(path, `${name}/`, depth + 1);
      else if (entry.isFile() && isVideoName(name)) {
        const info = await stat(path).catch(() => undefined);
        if (info !== undefined && !(await isExported(path)))
          found.push({ ...files.remember(path), name, sizeBytes: info.size });
      }
    }
  };
  await visit(folder, '', 1);
  return found;
}
