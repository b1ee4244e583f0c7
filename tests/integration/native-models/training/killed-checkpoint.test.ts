import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ParameterSet } from '#native-models/training/parameter-set.ts';
import { loadTrainingCheckpoint } from '#native-models/training/training-checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const CHILD = fileURLToPath(new URL('../../../fixtures/training/save-in-child.ts', import.meta.url));

/** Does nothing but write checkpoints until it is killed. @returns the last one that it said was written. */
async function saveUntilKilled(directory: string, first: number, killAfterMs: number): Promise<number> {
  const child = spawn(process.execPath, ['--no-warnings', CHILD, directory, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let last = -1;
  let killed: Promise<unknown> | undefined;
  for await (const line of createInterface(child.stdout)) {
    last = Number(line);
    killed ??= setTimeout(killAfterMs).then(() => child.kill('SIGKILL'));
  }
  await Promise.all([ended, killed]);
  return last;
}

describe('a process that is killed while it does nothing but write checkpoints', () => {
  it('leaves a complete one every time: the last that it told of, or the one after', async () => {
    await using folder = await temporaryFolder();
    let next = 0;
    for (let kill = 0; kill < 8; kill++) {
      const told = await saveUntilKilled(folder.path, next, 40 * Math.random());
      expect(told).toBeGreaterThanOrEqual(next);
      const set = new ParameterSet(new Map([['numbers', [200_000]]]));
      const position = await loadTrainingCheckpoint(folder.path, {}, new Map([['parameters', set]]));
      expect([told, told + 1]).toContain(position?.step);
      expect(set.numbers.every((number) => number === position?.step)).toBe(true);
      next = told + 2;
    }
  });
});
