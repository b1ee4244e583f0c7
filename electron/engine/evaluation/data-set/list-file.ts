import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { DataSetInvalidError } from '#contract/errors.ts';
import type { ClassLabels } from './class-labels.ts';
import type { BadEntry, DataSetContent, DataSetOptions, LabelledVideo } from './data-set.ts';
import { type ListLine, parseList } from './list-lines.ts';

/** So many files are looked for at the same time: network disks answer slowly, and descriptors are few. */
const AT_ONCE = 32;

/** A Kinetics list. @throws DataSetInvalidError when the file is no text. */
export async function readListFile(
  list: string,
  labels: ClassLabels,
  { root, signal }: Pick<DataSetOptions, 'root' | 'signal'>,
): Promise<DataSetContent> {
  const text = listText(await readFile(list, { signal }));
  if (text.includes('\0')) {
    throw new DataSetInvalidError(`${list} is no list of videos.`, {
      hint: 'A list is a text with `path label` or `path,label` on each line. A single video: `patchlight analyze`.',
    });
  }
  const lines = parseList(text, (label) => labels.find(label) !== null);
  const from = resolve(root ?? dirname(list));
  const videos: DataSetContent['videos'][number][] = [];
  const bad: BadEntry[] = [];
  for (let at = 0; at < lines.length; at += AT_ONCE) {
    signal?.throwIfAborted();
    const checked = await Promise.all(
      lines.slice(at, at + AT_ONCE).map((line) => check(line, basename(list), from, labels)),
    );
    for (const one of checked) {
      if ('problem' in one) bad.push(one);
      else videos.push(one);
    }
  }
  return { videos, bad };
}

/** UTF-8, or UTF-16 where it says so, as some editors on Windows write it. */
export function listText(bytes: Uint8Array): string {
  return new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes);
}

async function check(
  line: ListLine,
  list: string,
  root: string,
  labels: ClassLabels,
): Promise<Omit<LabelledVideo, 'index'> | BadEntry> {
  const where = `${list}, line ${line.line}`;
  if (line.kind === 'malformed') {
    return { problem: 'malformed-line', message: `${where}: "${line.text}" is no path with a label.` };
  }
  const label = labels.find(line.label);
  if (label === null) {
    return { problem: 'unknown-label', message: `${where}: the model has no class "${line.label}".` };
  }
  const found = await locate(root, line.path);
  if (found === 'missing') return { problem: 'missing-file', message: `${where}: there is no file ${line.path}.` };
  if (found === 'empty') return { problem: 'empty-file', message: `${where}: the file ${line.path} is empty.` };
  return { path: found, name: line.path, label };
}

/** The file, absolute. Lists from Windows have backslashes, which elsewhere may be part of a name, though seldom are. */
export async function locate(root: string, path: string): Promise<string | 'missing' | 'empty'> {
  for (const spelling of new Set([path, path.replaceAll('\\', '/')])) {
    const file = resolve(root, spelling);
    const facts = await stat(file).catch(() => null);
    if (facts?.isFile()) return facts.size === 0 ? 'empty' : file;
  }
  return 'missing';
}
