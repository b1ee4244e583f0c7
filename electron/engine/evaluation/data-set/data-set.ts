import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataSetInvalidError, FileNotFoundError } from '#contract/errors.ts';
import { badEntriesError, told } from './bad-entries.ts';
import { readClassFolders } from './class-folders.ts';
import { ClassLabels } from './class-labels.ts';
import { readListFile } from './list-file.ts';

/** One video of a data set that can be judged. */
export interface LabelledVideo {
  /** Place in the whole data set, from 0; chance draws by it, so that it does not depend on a limit. */
  readonly index: number;
  /** Absolute. */
  readonly path: string;
  /** As the data set calls it. */
  readonly name: string;
  /** Class number of the model. */
  readonly label: number;
}

/** Something in a data set that cannot be used. */
export interface BadEntry {
  readonly problem: 'missing-file' | 'empty-file' | 'unknown-label' | 'empty-class' | 'malformed-line';
  /** A sentence: where it is and what is wrong. */
  readonly message: string;
}

export interface DataSet {
  /** Absolute path of the list, or of the folder. */
  readonly path: string;
  readonly videos: readonly LabelledVideo[];
  /** What was left out; empty unless that was asked for. */
  readonly bad: readonly BadEntry[];
}

/** What the reader of one form of data set found. */
export interface DataSetContent {
  readonly videos: readonly Omit<LabelledVideo, 'index'>[];
  readonly bad: readonly BadEntry[];
}

export interface DataSetOptions {
  /** Names of the model's classes. */
  readonly labels: readonly string[];
  /** Where relative paths of a list begin, instead of the list's folder. */
  readonly root?: string | undefined;
  /** Leaves out what cannot be used, instead of refusing the whole. */
  readonly skipBad?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

const ADVICE = 'Correct them, or leave them out with --skip-bad. `--root DIR` says where relative paths begin.';

/**
 * Reads a data set: a Kinetics list, or a folder with one folder of videos for each class. Every entry is checked before
 * anything is decoded.
 *
 * @throws FileNotFoundError when there is nothing at `path`.
 * @throws DataSetInvalidError with the first bad entries and their count, or when nothing usable is in it.
 */
export async function openDataSet(path: string, options: DataSetOptions): Promise<DataSet> {
  const place = resolve(path);
  const found = await stat(place).catch((cause) => {
    throw new FileNotFoundError(`There is no data set at ${place}.`, {
      hint: 'Give a list (`path label` on each line), or a folder with one folder of videos for each class.',
      cause,
    });
  });
  const labels = new ClassLabels(options.labels);
  const { videos, bad } = found.isDirectory()
    ? await readClassFolders(place, labels, options.signal)
    : await readListFile(place, labels, options);
  const problems = bad.map(({ message }) => message);
  if (bad.length > 0 && options.skipBad !== true) throw badEntriesError(place, problems, videos.length, ADVICE);
  if (videos.length === 0) {
    throw new DataSetInvalidError(`The data set ${place} holds no video that can be used.${told(problems)}`, {
      hint: 'Check the paths in it, and that its labels are classes of the model: `patchlight models inspect NAME`.',
    });
  }
  return { path: place, videos: videos.map((video, index) => ({ index, ...video })), bad };
}
