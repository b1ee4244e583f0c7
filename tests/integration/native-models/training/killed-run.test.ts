import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const CHILD = fileURLToPath(new URL('../../../fixtures/training/train-in-child.ts', import.meta.url));

interface Life {
  readonly begunAt: number;
  /** What identifies the final parameters; undefined when the process was killed before. */
  readonly result: string | undefined;
}

/** Trains in a process of its own, and kills it so many milliseconds after its first step. */
async function live(directory: string, killAfterMs?: number): Promise<Life> {
  const child = spawn(process.execPath, ['--no-warnings', CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  let begunAt = -1;
  let result: string | undefined;
  let killed: Promise<unknown> | undefined;
  for await (const line of createInterface(child.stdout)) {
    const [kind, value = ''] = line.split(' ');
    if (kind === 'started') begunAt = Number(value);
    if (kind === 'done') result = value;
    if (kind !== 'step' || killAfterMs === undefined) continue;
    killed ??= setTimeout(killAfterMs).then(() => child.kill('SIGKILL'));
  }
  await Promise.all([ended, killed]);
  return { begunAt, result };
}

describe('a run that is killed at random moments', () => {
  it('ends with the same parameters, bit by bit, as one that nobody disturbed', async () => {
    await using folder = await temporaryFolder();
    const undisturbed = await live(join(folder.path, 'undisturbed'));
    expect(undisturbed.begunAt).toBe(0);
    expect(undisturbed.result).toMatch(/^[0-9a-f]{64}$/);

    const directory = join(folder.path, 'killed');
    const lives: Life[] = [];
    for (let kill = 0; kill < 4; kill++) lives.push(await live(directory, 20 + 130 * Math.random()));
    const last = await live(directory);
    const begins = [...lives, last].map(({ begunAt }) => begunAt);
    expect(lives.filter(({ result }) => result === undefined).length).toBeGreaterThanOrEqual(2);
    expect(begins).toEqual(begins.toSorted((a, b) => a - b));
    expect(last.begunAt).toBeGreaterThan(0);
    expect(last.result).toBe(undisturbed.result);
    expect(await readdir(directory)).toEqual(['step-000000060']);
  });
});
