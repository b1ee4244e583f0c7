import { resolve } from 'node:path';
import { Option } from 'commander';
import { UsageError } from '#contract/errors.ts';
import { balancedChoice } from '#engine/evaluation/data-set/balanced-choice.ts';
import { type DataSet, openDataSet } from '#engine/evaluation/data-set/data-set.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { wholeNumber } from './options.ts';

/** Which videos of a data set are judged, and where results are kept meanwhile and in the end. */
export interface DataSetOptions {
  readonly root?: string;
  readonly limit?: number;
  readonly limitSeed: number;
  readonly skipBad?: boolean;
  readonly resume?: string;
  readonly json?: string;
}

/** What a command that takes a data set says of it. */
export const DATA_SET_ARGUMENT =
  'a list (`path label` on each line), or a folder with one folder of videos for each class';

export const dataSetOptions = (): Option[] => [
  new Option('--root <dir>', "where a list's paths begin (default: the list's folder)"),
  new Option('--limit <n>', 'judge so many videos, as even over the classes as possible').argParser(wholeNumber(1)),
  new Option('--limit-seed <n>', 'chooses which').argParser(wholeNumber(0)).default(0),
  new Option('--skip-bad', 'leave out what cannot be used, with a count, instead of refusing the data set'),
  new Option('--resume <file>', 'keep results in this file as they come, and go on from those that are in it'),
  new Option('--json <file|->', 'write everything as JSON; a file can be gone on with after a break as with --resume'),
];

/**
 * Reads the data set and says what of it was left out.
 *
 * @throws as `openDataSet` does.
 */
export async function readDataSet(
  path: string,
  { labels }: Bundle,
  { root, skipBad, limit, limitSeed }: DataSetOptions,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<DataSet> {
  const data = await openDataSet(path, { labels, root, skipBad, signal });
  if (data.bad.length > 0) {
    const count = data.bad.length === 1 ? 'one entry' : `${data.bad.length} entries`;
    terminal.warning(`Left out ${count} that cannot be used.`);
  }
  return limit === undefined ? data : { ...data, videos: balancedChoice(data.videos, limit, limitSeed) };
}

/**
 * The file in which results are kept while they come: as asked for, or beside the document that they become.
 *
 * @throws UsageError when it would be the document itself.
 */
export function progressFile({ resume, json }: DataSetOptions): string | undefined {
  if (resume !== undefined && json !== undefined && resolve(resume) === resolve(json)) {
    throw new UsageError('--resume and --json name the same file.', {
      hint: 'Leave out --resume: results under way are kept beside the document.',
    });
  }
  return resume ?? (json === undefined || json === '-' ? undefined : `${json}.progress`);
}

/** `message`, with the video that it is about if it does not name it. */
export function about(path: string | null, message: string): string {
  return path === null || message.includes(path) ? message : `${path}: ${message}`;
}
