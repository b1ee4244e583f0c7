import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve } from 'node:path';
import { DataSetInvalidError } from '#contract/errors.ts';
import { VIDEO_EXTENSIONS } from '../evaluation/data-set/class-folders.ts';
import { listText, locate } from '../evaluation/data-set/list-file.ts';
import { parseList } from '../evaluation/data-set/list-lines.ts';

/** Videos of a folder or list, and a sentence for each entry that is none. */
export interface FoundVideos {
  readonly videos: readonly { readonly path: string; readonly name: string }[];
  readonly bad: readonly string[];
}

interface FindOptions {
  /** Where relative paths of a list begin, instead of the list's folder. */
  readonly root?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The videos below a folder, hidden ones aside, by name; or those of a list, with a path on each line. Of a line with a
 * label the label is passed over.
 *
 * @throws DataSetInvalidError when `place` is a single video, or no text.
 */
export async function findVideos(place: string, options: FindOptions): Promise<FoundVideos> {
  return (await stat(place)).isDirectory() ? inFolder(place, options) : inList(place, options);
}

async function inFolder(folder: string, { signal }: FindOptions): Promise<FoundVideos> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory() && VIDEO_EXTENSIONS.has(extname(entry.name).toLowerCase()))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (path) =>
        !inside(folder, path)
          .split('/')
          .some((part) => part.startsWith('.')),
    )
    .sort((a, b) => (a < b ? -1 : 1));
  const videos: FoundVideos['videos'][number][] = [];
  const bad: string[] = [];
  for (const path of paths) {
    signal?.throwIfAborted();
    const facts = await stat(path).catch(() => null);
    if (facts?.isFile() !== true) continue;
    const name = inside(folder, path);
    if (facts.size === 0) bad.push(`The file ${name} is empty.`);
    else videos.push({ path, name });
  }
  return { videos, bad };
}

/** With forward slashes on every system. */
function inside(folder: string, path: string): string {
  return relative(folder, path).replaceAll('\\', '/');
}

async function inList(list: string, { root, signal }: FindOptions): Promise<FoundVideos> {
  const notAList = VIDEO_EXTENSIONS.has(extname(list).toLowerCase());
  const text = notAList ? '\0' : listText(await readFile(list, { signal }));
  if (text.includes('\0')) {
    throw new DataSetInvalidError(`${list} is neither a folder nor a list of videos.`, {
      hint: 'Put your videos into a folder and name it, or a list with a path on each line.',
    });
  }
  const from = resolve(root ?? dirname(list));
  const videos: FoundVideos['videos'][number][] = [];
  const bad: string[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\n|\r/)
    .entries()) {
    signal?.throwIfAborted();
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    const parts = parseList(content, () => false);
    // A heading, such as `path,label`.
    if (parts.length === 0) continue;
    const found = await firstThere(from, [
      content,
      ...parts.flatMap((part) => (part.kind === 'entry' ? [part.path] : [])),
    ]);
    if (typeof found === 'string') bad.push(`${basename(list)}, line ${index + 1}: ${found}`);
    else videos.push(found);
  }
  return { videos, bad };
}

/** The file that a line names: all of it may be the path, or what is before a label. */
async function firstThere(root: string, names: readonly string[]): Promise<FoundVideos['videos'][number] | string> {
  for (const name of names) {
    const path = await locate(root, name);
    if (path === 'empty') return `the file ${name} is empty.`;
    if (path !== 'missing') return { path, name };
  }
  return `there is no file ${names.at(-1)}.`;
}
