import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataSetInvalidError, FileNotFoundError } from '#contract/errors.ts';
import { badEntriesError, told } from '../evaluation/data-set/bad-entries.ts';
import { openDataSet } from '../evaluation/data-set/data-set.ts';
import type { TrainingVideo } from './training-video.ts';
import { findVideos } from './unlabelled-videos.ts';

/** What is done about videos and entries that cannot be used: refuse the whole, or leave them out and say how many. */
export type BadData = 'stop' | 'skip';

export interface TrainingDataOptions {
  /** Names of the model's classes. */
  readonly labels: readonly string[];
  /** Videos are taken without their labels, and from any folder: the full model says what is right. */
  readonly pseudoLabels: boolean;
  /** Where relative paths of a list begin, instead of the list's folder. */
  readonly root?: string | undefined;
  readonly badData: BadData;
  readonly signal?: AbortSignal | undefined;
}

export interface TrainingData {
  /** Absolute path of the list, or of the folder. */
  readonly path: string;
  readonly videos: readonly TrainingVideo[];
  /** A sentence for each entry that was left out; empty unless that was asked for. */
  readonly bad: readonly string[];
}

/** What can be done about bad entries and videos. */
export const BAD_DATA_ADVICE =
  'Correct them, or leave them out with --bad-data skip. `--root DIR` says where relative paths begin.';
const PSEUDO_LABELS_ADVICE = 'If these are not the classes of the model, train with --pseudo-labels.';

/**
 * Reads the data of a training: a data set as evaluations have it (a Kinetics list, or a folder for each class of the
 * model); or, with pseudo-labels, any folder of videos, or list of them.
 *
 * @throws FileNotFoundError when there is nothing at `path`.
 * @throws DataSetInvalidError with the first bad entries and their count, or when nothing usable is in it.
 */
export async function openTrainingData(path: string, options: TrainingDataOptions): Promise<TrainingData> {
  const place = resolve(path);
  await stat(place).catch((cause) => {
    throw new FileNotFoundError(`There is no data set at ${place}.`, {
      hint: 'Give a folder of videos (with --pseudo-labels, or one folder for each class), or a list of them.',
      cause,
    });
  });
  return options.pseudoLabels ? openUnlabelled(place, options) : openLabelled(place, options);
}

async function openLabelled(
  place: string,
  { labels, root, badData, signal }: TrainingDataOptions,
): Promise<TrainingData> {
  // What is bad is told here: an evaluation has other advice for it.
  const data = await openDataSet(place, { labels, root, skipBad: true, signal }).catch((thrown: unknown) => {
    if (!(thrown instanceof DataSetInvalidError)) throw thrown;
    throw new DataSetInvalidError(thrown.message, { hint: PSEUDO_LABELS_ADVICE, cause: thrown });
  });
  const bad = data.bad.map(({ message }) => message);
  if (bad.length > 0 && badData === 'stop') {
    const unknown = data.bad.some(({ problem }) => problem === 'unknown-label');
    const advice = unknown ? `${BAD_DATA_ADVICE} ${PSEUDO_LABELS_ADVICE}` : BAD_DATA_ADVICE;
    throw badEntriesError(place, bad, data.videos.length, advice);
  }
  return { path: data.path, videos: data.videos, bad };
}

async function openUnlabelled(place: string, options: TrainingDataOptions): Promise<TrainingData> {
  const { videos, bad } = await findVideos(place, options);
  if (bad.length > 0 && options.badData === 'stop') {
    throw badEntriesError(place, bad, videos.length, BAD_DATA_ADVICE);
  }
  if (videos.length === 0) {
    throw new DataSetInvalidError(`${place} holds no video that can be used.${told(bad)}`, {
      hint: 'Give a folder with videos in it, at any depth, or a list with a path on each line.',
    });
  }
  return { path: place, videos: videos.map((video, index) => ({ index, label: null, ...video })), bad };
}
