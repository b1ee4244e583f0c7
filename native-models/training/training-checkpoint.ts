import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ResumeMismatchError, TrainingCheckpointInvalidError, UnwritableFileError } from '#contract/errors.ts';
import { readTensor } from '../checkpoints/read-tensor.ts';
import { readSafetensors } from '../checkpoints/safetensors.ts';
import { type TensorEntry, writeSafetensors } from '../checkpoints/write-safetensors.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { RandomState } from './random-stream.ts';
import { differenceBetween, fingerprintOf, type Json, type JsonObject } from './run-settings.ts';

/** How far a run has come, besides its tensors. */
export interface RunPosition {
  /** Steps that are done. The schedule and the order of the data follow from it. */
  readonly step: number;
  readonly random: RandomState;
  /** Running means of what the run reports. */
  readonly running: Readonly<Record<string, number>>;
  /** Time spent on all steps so far. */
  readonly trainedSeconds: number;
}

/** The tensors of a run by what they are (`parameters`, `firstMoment` …): written from here, and read into here. */
export type RunTensors = ReadonlyMap<string, ParameterSet>;

const TENSORS_FILE = 'tensors.safetensors';
const RUN_FILE = 'run.json';
/** Whatever is called so is complete: it gets this name last. */
const COMPLETE = /^step-\d{9,}$/;
/** Being written, or being removed. */
const UNFINISHED = /^\.(partial|removed)-/;

const json: z.ZodType<Json> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(json), z.record(z.string(), json)]),
);
const word = z.int().min(0).max(0xffffffff);
const runSchema = z.strictObject({
  formatVersion: z.literal(1),
  step: z.int().min(0),
  random: z.tuple([word, word, word, word]),
  running: z.record(z.string(), z.number()),
  trainedSeconds: z.number().min(0),
  settings: z.record(z.string(), json),
  settingsSha256: z.string(),
  tensors: z.strictObject({ sha256: z.string(), bytes: z.int() }),
});
type Run = z.infer<typeof runSchema>;

/**
 * Writes a checkpoint into `directory` (made if need be), a folder `step-N`, and then takes the earlier ones away.
 *
 * It is written under another name, flushed to the disk and renamed, so at every moment, also of a crash or a loss of
 * power, one complete checkpoint is there.
 *
 * @param settings What decides how the run comes out; a run with others cannot go on from here.
 * @returns Where it lies.
 * @throws UnwritableFileError when it cannot be written; the checkpoint before is left as it is.
 */
export async function saveTrainingCheckpoint(
  directory: string,
  settings: JsonObject,
  position: RunPosition,
  tensors: RunTensors,
): Promise<string> {
  try {
    await mkdir(directory, { recursive: true });
    const earlier = await readdir(directory);
    const complete = `step-${String(position.step).padStart(9, '0')}`;
    // A run comes to a step in one state only; replacing a folder would leave a moment without any.
    if (!earlier.includes(complete)) {
      await writeComplete(directory, complete, settings, position, tensors);
      for (const name of earlier) if (COMPLETE.test(name) || UNFINISHED.test(name)) await remove(directory, name);
    }
    return join(directory, complete);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw new UnwritableFileError(`The training cannot be kept in ${directory}.`, {
      hint: 'Make room on the disk, or choose a folder that can be written to; what was kept before is still there.',
      detail: cause.message,
      cause,
    });
  }
}

async function writeComplete(
  directory: string,
  name: string,
  settings: JsonObject,
  position: RunPosition,
  tensors: RunTensors,
): Promise<void> {
  const partial = join(directory, `.partial-${randomUUID()}`);
  await mkdir(partial);
  try {
    const written = await writeSafetensors(join(partial, TENSORS_FILE), entriesOf(tensors));
    const run: Run = {
      formatVersion: 1,
      ...position,
      random: [...position.random],
      settings: { ...settings },
      settingsSha256: fingerprintOf(settings),
      tensors: written,
    };
    await writeFlushed(join(partial, RUN_FILE), `${JSON.stringify(run, null, 2)}\n`);
    await flushFolder(partial);
    await rename(partial, join(directory, name));
    await flushFolder(directory);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Reads the last checkpoint in `directory` into `tensors`.
 *
 * @returns Where the run was; `null` when there is no checkpoint.
 * @throws ResumeMismatchError when the checkpoint is of a run with other settings.
 * @throws TrainingCheckpointInvalidError when it is damaged, or has other tensors.
 */
export async function loadTrainingCheckpoint(
  directory: string,
  settings: JsonObject,
  tensors: RunTensors,
): Promise<RunPosition | null> {
  const complete = (await namesIn(directory)).filter((name) => COMPLETE.test(name));
  const last = complete.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).at(-1);
  if (last === undefined) return null;
  const folder = join(directory, last);
  const run = await readRun(folder);
  if (run.settingsSha256 !== fingerprintOf(settings)) {
    throw new ResumeMismatchError(
      `The run in ${directory} has other settings. ${differenceBetween(run.settings, settings)}`,
      { hint: 'Go on with the settings that it was started with, or start a new run in another folder.' },
    );
  }
  await readTensors(folder, run, tensors);
  const { step, random, running, trainedSeconds } = run;
  return { step, random, running, trainedSeconds };
}

function entriesOf(tensors: RunTensors): TensorEntry[] {
  return [...tensors].flatMap(([kind, set]) =>
    [...set.tensors].map(([name, { buffer, byteOffset, byteLength }]) => ({
      name: `${kind}/${name}`,
      dtype: 'F32' as const,
      shape: set.shapes.get(name) ?? [],
      data: () => [new Uint8Array(buffer, byteOffset, byteLength)],
    })),
  );
}

async function readRun(folder: string): Promise<Run> {
  try {
    return runSchema.parse(JSON.parse(await readFile(join(folder, RUN_FILE), 'utf8')));
  } catch (cause) {
    throw damaged(folder, cause);
  }
}

async function readTensors(folder: string, run: Run, tensors: RunTensors): Promise<void> {
  const path = join(folder, TENSORS_FILE);
  try {
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk);
    if (hash.digest('hex') !== run.tensors.sha256) throw new Error('Its tensors are not those that were written.');
    await using handle = await open(path);
    const stored = (await readSafetensors(handle)).tensors;
    const wanted = new Map(entriesOf(tensors).map(({ name, shape }) => [name, shape]));
    const strange = [...wanted.keys(), ...stored.keys()].find(
      (name) => String(wanted.get(name)) !== String(stored.get(name)?.shape) || stored.get(name)?.dtype !== 'F32',
    );
    if (strange !== undefined) throw new Error(`"${strange}" is not the same there as in the model.`);
    for (const [kind, set] of tensors) {
      for (const [name, numbers] of set.tensors) {
        const view = stored.get(`${kind}/${name}`);
        if (view !== undefined) numbers.set(new Float32Array((await readTensor(handle, view)).buffer));
      }
    }
  } catch (cause) {
    throw damaged(folder, cause);
  }
}

function damaged(folder: string, cause: unknown): TrainingCheckpointInvalidError {
  return new TrainingCheckpointInvalidError(`The training checkpoint ${folder} cannot be used.`, {
    hint: 'Start a new run in another folder, or remove this checkpoint to start again.',
    detail: cause instanceof Error ? cause.message : String(cause),
    cause,
  });
}

async function namesIn(directory: string): Promise<string[]> {
  return await readdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
}

/** Renamed first, so that nobody takes what is left of it for a checkpoint. */
async function remove(directory: string, name: string): Promise<void> {
  const removed = join(directory, `.removed-${randomUUID()}`);
  await rename(join(directory, name), removed);
  await rm(removed, { recursive: true, force: true });
}

async function writeFlushed(path: string, text: string): Promise<void> {
  await using handle = await open(path, 'wx');
  await handle.writeFile(text);
  await handle.sync();
}

/** Makes new and changed names in a folder last. Windows cannot, and does it by itself. */
async function flushFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  await using handle = await open(path);
  await handle.sync();
}
