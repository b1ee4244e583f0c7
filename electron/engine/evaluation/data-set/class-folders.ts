import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DataSetInvalidError } from '#contract/errors.ts';
import type { ClassLabels } from './class-labels.ts';
import type { BadEntry, DataSetContent } from './data-set.ts';

/** What counts as a video in a folder; anything else there (notes, masks, thumbnails) is passed over. */
export const VIDEO_EXTENSIONS: ReadonlySet<string> = new Set(
  'mp4 m4v mov mkv webm avi mpg mpeg ts mts m2ts 3gp flv wmv ogv'.split(' ').map((extension) => `.${extension}`),
);

/**
 * A folder with one folder of videos for each class, in the order of their names.
 *
 * @throws DataSetInvalidError when there are no folders in it.
 */
export async function readClassFolders(
  directory: string,
  labels: ClassLabels,
  signal?: AbortSignal,
): Promise<DataSetContent> {
  const classes = (await visible(directory)).filter(({ kind }) => kind === 'directory');
  if (classes.length === 0) {
    throw new DataSetInvalidError(`${directory} has no folders of classes in it.`, {
      hint: 'Put the videos of each class into a folder with its name, or give a list (`path label` on each line).',
    });
  }
  const videos: DataSetContent['videos'][number][] = [];
  const bad: BadEntry[] = [];
  for (const { name } of classes) {
    signal?.throwIfAborted();
    const label = labels.find(name);
    if (label === null) {
      bad.push({ problem: 'unknown-label', message: `Folder ${name}: the model has no such class.` });
      continue;
    }
    const files = (await visible(join(directory, name))).filter(
      (file) => file.kind === 'file' && VIDEO_EXTENSIONS.has(extname(file.name).toLowerCase()),
    );
    if (files.length === 0) bad.push({ problem: 'empty-class', message: `Folder ${name}: there is no video in it.` });
    for (const file of files) {
      const inside = `${name}/${file.name}`;
      if (file.bytes === 0) bad.push({ problem: 'empty-file', message: `The file ${inside} is empty.` });
      else videos.push({ path: join(directory, name, file.name), name: inside, label });
    }
  }
  return { videos, bad };
}

interface Entry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
  readonly bytes: number;
}

/** What is in a folder, hidden things aside, links followed, in an order that is the same everywhere. */
async function visible(directory: string): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (const name of (await readdir(directory)).sort()) {
    if (name.startsWith('.')) continue;
    const facts = await stat(join(directory, name)).catch(() => null);
    if (facts?.isDirectory()) entries.push({ name, kind: 'directory', bytes: 0 });
    else if (facts?.isFile()) entries.push({ name, kind: 'file', bytes: facts.size });
  }
  return entries;
}
