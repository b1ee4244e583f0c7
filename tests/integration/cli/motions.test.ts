import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const program = resolve(import.meta.dirname, '../../../electron/cli/main.ts');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

function start(...args: string[]) {
  const env = { ...process.env, PATCHLIGHT_HOME: folder.path, NO_COLOR: '1' };
  return spawn(process.execPath, [program, 'motions', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function outcome(child: ReturnType<typeof start>) {
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

test('writes a data set, and says what was there already when asked again', async () => {
  const directory = join(folder.path, 'set');
  const args = [directory, '--train', '1', '--val', '0', '--test', '1', '--size', '32', '--no-masks'];
  const first = await outcome(start(...args));
  expect(first).toMatchObject({ code: 0 });
  expect(first.out).toContain(`2 clips in ${directory}\n`);
  expect((await readdir(directory)).sort()).toEqual([
    'labels.txt',
    'motions.json',
    'test',
    'test.csv',
    'train',
    'train.csv',
  ]);
  const second = await outcome(start(...args));
  expect(second.out).toContain('2 clips');
  expect(second.out).toContain('(2 were there)');
});

test('is refused with exit code 2 for a frame that cannot be', async () => {
  const { code, err } = await outcome(start(join(folder.path, 'odd'), '--size', '33'));
  expect(code).toBe(2);
  expect(err).toContain('33');
});

test('stops at Ctrl-C with exit code 130', async () => {
  const directory = await mkdtemp(join(folder.path, 'stopped-'));
  const child = start(directory, '--size', '32');
  const ended = outcome(child);
  // Until the first clip is there, it could be said that nothing had begun.
  while ((await readdir(join(directory, 'train')).catch(() => [])).length === 0)
    await new Promise((r) => setTimeout(r, 50));
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
});
