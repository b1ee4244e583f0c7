import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faithfulnessSchema } from '#contract/faithfulness.ts';
import { writeMotions } from '#engine/motions/write-motions.ts';
import { motionsBundle } from '../../fixtures/motions-bundle.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const program = resolve(import.meta.dirname, '../../../electron/cli/main.ts');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let model: string;
let list: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  model = (await motionsBundle(folder.path)).directory;
  const settings = { clips: { train: 0, val: 0, test: 2 }, size: 32, masks: true };
  [list = ''] = (await writeMotions(join(folder.path, 'set'), settings)).lists;
});
afterAll(() => folder[Symbol.asyncDispose]());

function start(...args: string[]) {
  const env = { ...process.env, PATCHLIGHT_HOME: folder.path, NO_COLOR: '1' };
  const quick = ['--device', 'cpu', '--threads', '1', '--model', model];
  return spawn(process.execPath, [program, 'faithfulness', ...args, ...quick], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outcome(child: ReturnType<typeof start>) {
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number | null, out, err };
}

const run = (...args: string[]) => outcome(start(...args));

describe('patchlight faithfulness', () => {
  test('prints both tables, for every map that the model has', async () => {
    const { code, out } = await run(list);
    expect(code).toBe(0);
    expect(out).toContain('test.csv  2 videos');
    expect(out).toContain('untrained');
    for (const map of ['interpreter', 'random', 'frame-difference', 'saliency', 'attention-rollout']) {
      expect(out).toMatch(new RegExp(`${map}(\\s+0\\.\\d{3}){4}\n`));
      expect(out).toMatch(new RegExp(`${map}(\\s+\\d+\\.\\d %){4}\n`));
    }
    expect(out).toContain('masks of 2 videos');
  });

  test('writes one document about the maps that were chosen', async () => {
    const { code, out } = await run(list, '--maps', 'random,interpreter', '--limit', '1', '--json', '-');
    expect(code).toBe(0);
    const document = faithfulnessSchema.parse(JSON.parse(out));
    expect(document.maps.map(({ map }) => map)).toEqual(['random', 'interpreter']);
    expect(document).toMatchObject({ videos: 1, failures: [], perVideo: [{ maps: [{ map: 'random' }, {}] }] });
  });

  test('lists what fails, says so on stderr, and fails in the end', async () => {
    const broken = join(folder.path, 'set', 'broken.csv');
    await writeFile(join(folder.path, 'set', 'corrupt.mp4'), 'no video');
    await writeFile(broken, `corrupt.mp4,3\n${await readFile(list, 'utf8')}`);
    const { code, out, err } = await run(broken, '--maps', 'random', '--json', '-');
    expect(code).toBe(1);
    expect(err).toContain('corrupt.mp4 is not a video');
    expect(faithfulnessSchema.parse(JSON.parse(out))).toMatchObject({
      videos: 3,
      failures: [{ error: { code: 'not-a-video' } }],
    });
  });

  test('killed at any time goes on where it was', async () => {
    const long = join(folder.path, 'set', 'long.csv');
    await writeFile(long, (await readFile(list, 'utf8')).repeat(4));
    const json = join(folder.path, 'killed.json');
    const child = start(long, '--json', json);
    const ended = outcome(child);
    while ((await readFile(`${json}.progress`, 'utf8').catch(() => '')).split('\n').length < 4) await sleep(10);
    child.kill('SIGKILL');
    await ended;
    const resumed = await run(long, '--json', json);
    expect(resumed).toMatchObject({ code: 0, err: expect.stringContaining('of 8 videos were judged before') });
    expect(faithfulnessSchema.parse(JSON.parse(await readFile(json, 'utf8'))).perVideo).toHaveLength(8);
    expect((await readdir(folder.path)).filter((name) => name.startsWith('killed'))).toEqual(['killed.json']);
  });

  test.each([
    [['--maps', 'guess'], 'There is no score map "guess"'],
    [['--resume', 'x.json', '--json', './x.json'], 'the same file'],
  ])('%j is wrong usage', async (args, complaint) => {
    const { code, err } = await run(list, ...args);
    expect(err).toContain(complaint);
    expect(code).toBe(2);
  });

  test('a folder of masks that is not there is refused', async () => {
    const { code, err } = await run(list, '--masks', join(folder.path, 'nowhere'));
    expect(code).toBe(1);
    expect(err).toContain('There is no folder of masks');
  });
});
