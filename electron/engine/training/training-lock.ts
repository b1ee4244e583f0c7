import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname, uptime } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { TrainingUnderWayError, UnwritableFileError } from '#contract/errors.ts';
import { isRunning } from '#native-models/bundle/is-running.ts';

const LOCK_FILE = 'training.lock';
/** For so long a lock that cannot be read may be one that is being written. */
const WRITING_MS = 2_000;

const ownerSchema = z.object({ token: z.string(), pid: z.int().positive(), host: z.string(), since: z.string() });
type Owner = z.infer<typeof ownerSchema>;

/**
 * Keeps a second training out of a folder for as long as it is not disposed of. A process that was killed cannot tidy up:
 * its lock counts for nothing when no process has its number any more, or the computer was started again since.
 */
export class TrainingLock implements AsyncDisposable {
  readonly #path: string;
  readonly #token: string;

  private constructor(path: string, token: string) {
    this.#path = path;
    this.#token = token;
  }

  /**
   * Locks `directory`, which is made if need be.
   *
   * @throws TrainingUnderWayError when another training has it.
   * @throws UnwritableFileError when nothing can be written there.
   */
  static async take(directory: string): Promise<TrainingLock> {
    const path = join(directory, LOCK_FILE);
    const me: Owner = { token: randomUUID(), pid: process.pid, host: hostname(), since: new Date().toISOString() };
    try {
      await mkdir(directory, { recursive: true });
      while (!(await placed(path, me))) {
        const owner = await ownerOf(path);
        if (owner === 'being written') await sleep(WRITING_MS / 20);
        else if (owner === 'damaged' || (owner !== 'gone' && !isAlive(owner))) await removeLeftover(path, owner);
        else if (owner !== 'gone') throw underWay(directory, path, owner);
      }
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause) || cause instanceof TrainingUnderWayError) throw cause;
      throw new UnwritableFileError(`The training cannot be kept in ${directory}.`, {
        hint: 'Choose a folder that can be written to.',
        detail: cause.message,
        cause,
      });
    }
    return new TrainingLock(path, me.token);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const owner = await ownerOf(this.#path);
    if (typeof owner === 'object' && owner.token === this.#token) await rm(this.#path, { force: true });
  }
}

/** Writes the lock, unless there is one. */
async function placed(path: string, owner: Owner): Promise<boolean> {
  try {
    await writeFile(path, `${JSON.stringify(owner)}\n`, { flag: 'wx' });
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw thrown;
  }
}

async function ownerOf(path: string): Promise<Owner | 'gone' | 'being written' | 'damaged'> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    const facts = await stat(path).catch(() => null);
    if (facts === null) return 'gone';
    return Date.now() - facts.mtimeMs < WRITING_MS ? 'being written' : 'damaged';
  }
}

/** Of other computers nothing is known: theirs count. */
function isAlive({ pid, host, since }: Owner): boolean {
  if (host !== hostname()) return true;
  const started = Date.now() - 1000 * uptime();
  return Date.parse(since) >= started && isRunning(pid);
}

/** Takes a leftover away; if somebody else was faster, and this is their lock already, it is put back. */
async function removeLeftover(path: string, leftover: Owner | 'damaged'): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw thrown;
  }
  const taken = await ownerOf(aside);
  if (typeof taken === 'object' && (leftover === 'damaged' || taken.token !== leftover.token))
    await placed(path, taken);
  await rm(aside, { force: true });
}

function underWay(directory: string, path: string, { pid, host, since }: Owner): TrainingUnderWayError {
  return new TrainingUnderWayError(
    `Another training works in ${directory}: process ${pid} on ${host}, since ${since}.`,
    { hint: `Wait for it, end it, or train into another folder (--out). If it does not run, remove ${path}.` },
  );
}
