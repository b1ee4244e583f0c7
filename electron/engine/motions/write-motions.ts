import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { ResumeMismatchError, UnwritableFileError, UsageError } from '#contract/errors.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
import { framesPerSecond, sceneFrames } from '#native-models/motions/scene/clock.ts';
import { type MotionSplit, motionSplits } from '#native-models/motions/splits.ts';
import { motionsVersion } from '#native-models/motions/version.ts';
import { findBinary } from '../video/ffmpeg-binaries.ts';
import { type ClipPlace, clipPlace, kineticsList } from './layout.ts';
import { writeClip } from './write-clip.ts';

export interface MotionsSettings {
  /** Clips of each split. */
  readonly clips: Readonly<Record<MotionSplit, number>>;
  /** Pixels of a frame's side, even: half of the colour is left out in the video. */
  readonly size: number;
  /** Whether foreground masks are written as well. */
  readonly masks: boolean;
}

export interface MotionsOptions {
  readonly signal?: AbortSignal;
  /** Called after each clip with how many there are now, of how many. */
  onProgress?(done: number, total: number): void;
}

export interface WrittenMotions {
  /** Absolute. */
  readonly directory: string;
  /** Clips that were drawn now; the others were there. */
  readonly drawn: number;
  readonly total: number;
  /** Absolute paths of the lists that are not empty. */
  readonly lists: readonly string[];
}

/** What must stay the same when a folder is added to. */
const descriptionSchema = z.object({ version: z.number(), size: z.number(), masks: z.boolean() });

const DESCRIPTION_FILE = 'motions.json';

/** Clips drawn at the same time: while one waits for its encoder, another is drawn. */
const AT_ONCE = 2;

/**
 * Writes the Motions data set as files: `<split>/<class>/<index>.mp4`, `masks/<split>/<class>/<index>.png`,
 * `train.csv`, `val.csv`, `test.csv` in Kinetics form, `labels.txt` (line n is class n), `motions.json`.
 *
 * A folder that was begun with the same size and version is continued; clips that are there are not drawn again. Each
 * file appears whole; the lists come last.
 *
 * @throws ResumeMismatchError when the folder holds a data set of another size or version.
 * @throws UsageError when the folder holds something else, or the size cannot be.
 * @throws UnwritableFileError, FfmpegMissingError
 */
export async function writeMotions(
  directory: string,
  { clips, size, masks }: MotionsSettings,
  { signal, onProgress }: MotionsOptions = {},
): Promise<WrittenMotions> {
  const folder = resolve(directory);
  if (size % 2 !== 0 || size < 16) throw new UsageError(`A frame's side is even and at least 16, not ${size}.`);
  const ffmpeg = await findBinary('ffmpeg');
  await begin(folder, { version: motionsVersion, size, masks });

  const places = motionSplits.flatMap((split) => Array.from({ length: clips[split] }, (_, i) => clipPlace(split, i)));
  const missing: ClipPlace[] = [];
  for (const place of places) if (!(await exists(join(folder, place.video)))) missing.push(place);
  let done = places.length - missing.length;
  onProgress?.(done, places.length);

  // The first failure also stops what runs beside it.
  const failed = new AbortController();
  const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
  const queue = missing.values();
  const work = async () => {
    for (const place of queue) {
      stop.throwIfAborted();
      await writeClip(place, { ffmpeg, directory: folder, size, masks, signal: stop });
      onProgress?.(++done, places.length);
    }
  };
  const workers = Array.from({ length: AT_ONCE }, () =>
    work().catch((reason) => {
      failed.abort(reason);
      throw reason;
    }),
  );
  const ended = await Promise.allSettled(workers);
  const failure = ended.find((end) => end.status === 'rejected');
  if (failure !== undefined) throw failed.signal.reason ?? failure.reason;

  await writeWhole(join(folder, 'labels.txt'), motionClasses.map((name) => `${name}\n`).join(''));
  const lists: string[] = [];
  for (const split of motionSplits) {
    if (clips[split] === 0) continue;
    const list = join(folder, `${split}.csv`);
    await writeWhole(list, kineticsList(places.filter((place) => place.split === split)));
    lists.push(list);
  }
  return { directory: folder, drawn: missing.length, total: places.length, lists };
}

/** Makes or continues the folder. */
async function begin(folder: string, description: z.infer<typeof descriptionSchema>): Promise<void> {
  const file = join(folder, DESCRIPTION_FILE);
  const there = await readFile(file, 'utf8').catch(() => null);
  if (there === null) {
    const others = await readdir(folder).catch(() => []);
    if (others.length > 0) {
      throw new UsageError(`${folder} holds something else.`, { hint: 'Name a new or an empty folder.' });
    }
    await makeFolder(folder);
    const facts = { ...description, frames: sceneFrames, framesPerSecond, classes: motionClasses };
    await writeWhole(file, `${JSON.stringify(facts, null, 2)}\n`);
    return;
  }
  const before = descriptionSchema.safeParse(parse(there));
  const same =
    before.success &&
    before.data.version === description.version &&
    before.data.size === description.size &&
    before.data.masks === description.masks;
  if (same) return;
  const what = before.success
    ? `version ${before.data.version} at ${before.data.size} pixels, ${before.data.masks ? 'with' : 'without'} masks`
    : 'something unreadable';
  throw new ResumeMismatchError(`${folder} was begun with other settings: ${what}.`, {
    hint: 'Ask for the same again, or name another folder.',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause) => {
    throw unwritable(folder, cause);
  });
}

async function writeWhole(file: string, content: string): Promise<void> {
  const partial = `${file}.part`;
  try {
    await writeFile(partial, content);
    await rename(partial, file);
  } catch (cause) {
    await rm(partial, { force: true });
    throw unwritable(file, cause);
  }
}

function unwritable(path: string, cause: unknown): UnwritableFileError {
  return new UnwritableFileError(`${path} cannot be written.`, {
    hint: 'Choose another place, or make room there.',
    detail: String(cause),
    cause,
  });
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    (facts) => facts.isFile(),
    () => false,
  );
