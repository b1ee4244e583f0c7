import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TrainingUnderWayError, UnwritableFileError } from '#contract/errors.ts';
import { TrainingLock } from '#engine/training/training-lock.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let lockFile: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  lockFile = join(folder.path, 'training.lock');
});
afterEach(() => folder[Symbol.asyncDispose]());

/** The number of a process that has ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  return child.pid!;
}

const leave = (owner: Partial<{ pid: number; host: string; since: string }>) => {
  const all = { token: 'left', pid: process.pid, host: hostname(), since: new Date().toISOString(), ...owner };
  return writeFile(lockFile, JSON.stringify(all));
};

describe('the lock of a training', () => {
  it('keeps a second training out, and says who is there', async () => {
    await using _first = await TrainingLock.take(folder.path);
    const second = TrainingLock.take(folder.path);
    await expect(second).rejects.toThrow(TrainingUnderWayError);
    await expect(second).rejects.toThrow(`process ${process.pid} on ${hostname()}`);
  });

  it('is gone with its owner, and lets the next one in', async () => {
    for (let turn = 0; turn < 2; turn++) {
      await using _lock = await TrainingLock.take(folder.path);
      expect(JSON.parse(await readFile(lockFile, 'utf8'))).toMatchObject({ pid: process.pid });
    }
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('makes the folder', async () => {
    await using _lock = await TrainingLock.take(join(folder.path, 'a', 'b'));
    expect(await readdir(join(folder.path, 'a', 'b'))).toEqual(['training.lock']);
  });

  it('counts for nothing when its process was killed', async () => {
    await leave({ pid: await deadProcess() });
    await using _lock = await TrainingLock.take(folder.path);
    expect(JSON.parse(await readFile(lockFile, 'utf8')).token).not.toBe('left');
  });

  it('counts for nothing when the computer was started again, whoever has the number now', async () => {
    await leave({ since: '2001-01-01T00:00:00.000Z' });
    await using _lock = await TrainingLock.take(folder.path);
  });

  it('counts when it is of another computer, of which nothing is known', async () => {
    await leave({ pid: await deadProcess(), host: 'elsewhere' });
    await expect(TrainingLock.take(folder.path)).rejects.toThrow('elsewhere');
  });

  it('is replaced where it was left half-written', async () => {
    await writeFile(lockFile, '{"token":"le');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lockFile, longAgo, longAgo);
    await using _lock = await TrainingLock.take(folder.path);
  });

  it('goes to one alone of many who find a leftover', async () => {
    await leave({ pid: await deadProcess() });
    const takers = await Promise.allSettled(Array.from({ length: 12 }, () => TrainingLock.take(folder.path)));
    const winners = takers.flatMap((taker) => (taker.status === 'fulfilled' ? [taker.value] : []));
    for (const taker of takers) {
      if (taker.status === 'rejected') expect(taker.reason).toBeInstanceOf(TrainingUnderWayError);
    }
    expect(winners).toHaveLength(1);
    await winners[0]![Symbol.asyncDispose]();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('says so where nothing can be written', async () => {
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    await expect(TrainingLock.take(join(file, 'below'))).rejects.toThrow(UnwritableFileError);
  });
});
