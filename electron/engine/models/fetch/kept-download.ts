import { createHash } from 'node:crypto';
import { readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AlreadyRunningError, FetchUnderWayError } from '#contract/errors.ts';
import type { FetchedFile, UnfinishedFetch } from '#contract/model-fetch.ts';
import { lockDirectory } from '../../store/instance-lock.ts';
import { writeAtomically } from '../../store/write-atomically.ts';
import type { RemoteFile, RemoteModel } from './remote-model.ts';

const RECORD_FILE = 'fetch.json';
const FILES_FOLDER = 'files';

const keptFileSchema = z.object({
  bytes: z.number().nullable(),
  sha256: z.string().nullable(),
  validator: z.string().nullable(),
  /** Of a file that has arrived whole. */
  arrived: z.object({ bytes: z.number(), sha256: z.string(), verified: z.boolean() }).nullable(),
});
type KeptFile = z.infer<typeof keptFileSchema>;

const recordSchema = z.object({
  version: z.literal(1),
  source: z.string(),
  title: z.string(),
  revision: z.string().nullable(),
  files: z.record(z.string(), keptFileSchema),
});
type Record = z.infer<typeof recordSchema>;

/**
 * What has arrived of a fetch, in a folder of its own: kept until its model is imported, so that a fetch that broke off goes
 * on from there. One process at a time works with it.
 */
export class KeptDownload implements AsyncDisposable {
  readonly #directory: string;
  readonly #lock: AsyncDisposable;
  #record: Record;

  private constructor(directory: string, lock: AsyncDisposable, record: Record) {
    this.#directory = directory;
    this.#lock = lock;
    this.#record = record;
  }

  /**
   * Takes up what is kept of `model`, or begins. Of files that have changed at their source nothing is taken up.
   *
   * @throws FetchUnderWayError
   */
  static async open(folder: string, model: RemoteModel): Promise<KeptDownload> {
    const directory = join(folder, keyOf(model.source));
    const lock = await lockFetch(directory);
    try {
      const earlier = await readRecord(directory);
      const { source, title, revision } = model;
      const sameCommit = revision !== null && earlier?.revision === revision;
      const files: Record['files'] = {};
      const download = new KeptDownload(directory, lock, { version: 1, source, title, revision, files });
      for (const file of model.files) {
        const { name, bytes, sha256, validator } = file;
        const kept = earlier?.files[name];
        if (kept !== undefined && isSame(kept, file, sameCommit) && (await download.#isWhole(name, kept))) {
          files[name] = { ...kept, sha256 };
        } else {
          await download.forget(name);
          files[name] = { bytes, sha256, validator, arrived: null };
        }
      }
      await download.#save();
      return download;
    } catch (thrown) {
      await lock[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  /** Where the files lie that have arrived whole. */
  get files(): string {
    return join(this.#directory, FILES_FOLDER);
  }

  /** Where a file grows. */
  partPath(name: string): string {
    return join(this.files, `${name}.part`);
  }

  arrived(name: string): FetchedFile | null {
    const arrived = this.#record.files[name]?.arrived ?? null;
    return arrived === null ? null : { name, ...arrived };
  }

  /** What the server called the state of the file that is kept; `null` where nobody can tell. */
  validator(name: string): string | null {
    return this.#record.files[name]?.validator ?? null;
  }

  /** Bytes of a file that are here. */
  async bytes(name: string): Promise<number> {
    return this.arrived(name)?.bytes ?? sizeOf(this.partPath(name));
  }

  /** Writes down what the server said of a file that is about to come. */
  async begin(name: string, bytes: number | null, validator: string | null): Promise<void> {
    const sha256 = this.#record.files[name]?.sha256 ?? null;
    this.#record.files[name] = { bytes, sha256, validator, arrived: null };
    await this.#save();
  }

  /** A file is here, whole and checked. */
  async finish({ name, ...arrived }: FetchedFile): Promise<void> {
    const kept = this.#record.files[name];
    if (kept === undefined) throw new Error(`${name} was never begun.`);
    await rename(this.partPath(name), join(this.files, name));
    this.#record.files[name] = { ...kept, arrived };
    await this.#save();
  }

  /** Deletes what is kept of a file. */
  async forget(name: string): Promise<void> {
    await rm(this.partPath(name), { force: true });
    await rm(join(this.files, name), { force: true });
  }

  /** Deletes everything. */
  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#lock[Symbol.asyncDispose]();
  }

  /** Whether a file that had arrived is still there. */
  async #isWhole(name: string, { arrived }: KeptFile): Promise<boolean> {
    return arrived === null || (await sizeOf(join(this.files, name))) === arrived.bytes;
  }

  #save(): Promise<void> {
    return writeAtomically(join(this.#directory, RECORD_FILE), `${JSON.stringify(this.#record, null, 2)}\n`);
  }
}

/** Everything in `folder` that was begun. */
export async function keptDownloads(folder: string): Promise<UnfinishedFetch[]> {
  const names = await readdir(folder).catch(() => []);
  const all = await Promise.all(names.sort().map((name) => describe(join(folder, name))));
  return all.filter((one) => one !== null);
}

/** How much of a source is here. */
export async function keptBytes(folder: string, source: string): Promise<number> {
  return (await describe(join(folder, keyOf(source))))?.bytesDone ?? 0;
}

/**
 * Deletes what is kept of a source.
 *
 * @throws FetchUnderWayError
 */
export async function discardDownload(folder: string, source: string): Promise<void> {
  const directory = join(folder, keyOf(source));
  if ((await readRecord(directory)) === null) return;
  await using _lock = await lockFetch(directory);
  await rm(directory, { recursive: true, force: true });
}

async function lockFetch(directory: string): Promise<AsyncDisposable> {
  try {
    return await lockDirectory(directory);
  } catch (thrown) {
    if (!(thrown instanceof AlreadyRunningError)) throw thrown;
    throw new FetchUnderWayError('That checkpoint is being fetched already.', {
      hint: 'Wait for it, or cancel it where it was begun: in another window, or on the command line.',
    });
  }
}

/** Whether what is kept may be gone on with. What nobody can tell is asked of the server when it goes on. */
function isSame(kept: KeptFile, remote: RemoteFile, sameCommit: boolean): boolean {
  if (remote.sha256 !== null) return remote.sha256 === (kept.arrived?.sha256 ?? kept.sha256);
  if (sameCommit) return true;
  return remote.validator !== null && remote.validator === kept.validator;
}

async function describe(directory: string): Promise<UnfinishedFetch | null> {
  const record = await readRecord(directory);
  if (record === null) return null;
  let bytesDone = 0;
  let bytesTotal: number | null = 0;
  for (const [name, { bytes, arrived }] of Object.entries(record.files)) {
    bytesDone += arrived?.bytes ?? (await sizeOf(join(directory, FILES_FOLDER, `${name}.part`)));
    const size = arrived?.bytes ?? bytes;
    bytesTotal = bytesTotal === null || size === null ? null : bytesTotal + size;
  }
  return { source: record.source, title: record.title, bytesDone, bytesTotal };
}

async function readRecord(directory: string): Promise<Record | null> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(join(directory, RECORD_FILE), 'utf8')));
  } catch {
    // None there, or none that can be understood: the fetch begins anew.
    return null;
  }
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

/** A name for the folder that says nothing, and that a second fetch of the same source finds again. */
function keyOf(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 24);
}
