import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Evaluation, evaluationSchema, evaluationSweepSchema } from '#contract/evaluation.ts';
import { installTinyBundle } from '../../fixtures/analysis.ts';
import { writeDataSet } from '../../fixtures/data-set.ts';

const root = resolve(import.meta.dirname, '../../..');

let made: Awaited<ReturnType<typeof writeDataSet>>;
let long: string;

beforeAll(async () => {
  made = await writeDataSet(['running', 3, 'Jumping_Jacks']);
  await installTinyBundle(made.folder);
  // Long enough to be interrupted: every video many times.
  long = join(made.folder, 'long.csv');
  await writeFile(long, (await readFile(made.list, 'utf8')).repeat(4));
});
afterAll(() => made[Symbol.asyncDispose]());

const QUICK = ['--device', 'cpu', '--threads', '1', '--model', 'untrained-tiny'];

function start(args: readonly string[]) {
  const env = { ...process.env, PATCHLIGHT_HOME: made.folder, NO_COLOR: '1' };
  return spawn(process.execPath, [join(root, 'electron/cli/main.ts'), 'evaluate', ...args, ...QUICK], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outcomeOf(child: ReturnType<typeof start>) {
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number | null, out, err };
}

const run = (...args: string[]) => outcomeOf(start(args));

/** The document that was printed or written, without the speed, which no two runs share. */
const still = (json: string): Omit<Evaluation, 'viewsPerSecond'> => {
  const { viewsPerSecond: _, ...rest } = evaluationSchema.parse(JSON.parse(json));
  return rest;
};

/** Waits until some videos have been judged. */
async function judged(progress: string, videos: number): Promise<void> {
  for (;;) {
    const lines = (await readFile(progress, 'utf8').catch(() => '')).split('\n').length - 2;
    if (lines >= videos) return;
    await sleep(10);
  }
}

describe('patchlight evaluate', () => {
  test('prints a table, says that the model is untrained, and advises to compare with chance', async () => {
    const { code, out } = await run(made.list, '--views', '1');
    expect(code).toBe(0);
    expect(out).toContain('list.csv  3 videos · one view each');
    expect(out).toContain('untrained');
    expect(out).toMatch(/interpreter\s+0\.5\s+\d+\.\d %/);
    expect(out).toContain('--selector random --keep 0.');
  });

  test('writes one document, or the rows of a sweep', async () => {
    const one = await run(made.list, '--json', '-', '--limit', '2');
    expect(still(one.out)).toMatchObject({ dataset: made.list, videos: 2, views: 3, selector: 'interpreter' });
    const sweep = await run(
      made.list,
      '--json',
      '-',
      '--views',
      '1',
      '--sweep',
      'selector=full,random',
      '--sweep',
      'seed=1,2',
    );
    const { rows } = evaluationSweepSchema.parse(JSON.parse(sweep.out));
    expect(rows.map(({ selector, seed }) => [selector, seed])).toEqual([
      ['full', null],
      ['random', 1],
      ['random', 2],
    ]);
  });

  test('reports bad entries before anything starts', async () => {
    const list = join(made.folder, 'bad.csv');
    await writeFile(list, 'video 0.mp4,flying\ngone.mp4,3\nvideo 1.mp4,3\n');
    const json = join(made.folder, 'bad.json');
    const { code, out, err } = await run(list, '--json', json);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toMatch(/^patchlight: bad\.csv has 2 entries[^\n]*\n {2}- .*line 1: the model has no class "flying"/);
    expect((await readdir(made.folder)).filter((name) => name.startsWith('bad.json'))).toEqual([]);

    const skipping = await run(list, '--skip-bad', '--views', '1', '--json', '-');
    expect(skipping.code).toBe(0);
    expect(skipping.err).toContain('Left out 2 entries');
    expect(still(skipping.out)).toMatchObject({ videos: 1, skipped: 2 });
  });

  test('lists a video that turns out to be corrupt, and fails in the end', async () => {
    await writeFile(join(made.folder, 'corrupt.mp4'), 'no video');
    const list = join(made.folder, 'corrupt.csv');
    await writeFile(list, 'corrupt.mp4,3\nvideo 1.mp4,3\n');
    const { code, out, err } = await run(list, '--views', '1', '--json', '-');
    expect(code).toBe(1);
    expect(err).toContain('corrupt.mp4 is not a video');
    expect(still(out)).toMatchObject({ videos: 2, failures: [{ error: { code: 'not-a-video' } }] });
  });

  test('killed at any time goes on where it was, with the figures of an unbroken run', async () => {
    const json = join(made.folder, 'killed.json');
    const child = start([long, '--views', '1', '--json', json]);
    await judged(`${json}.progress`, 3);
    child.kill('SIGKILL');
    await outcomeOf(child);
    const left = (await readFile(`${json}.progress`, 'utf8')).split('\n').length - 2;
    expect(left).toBeLessThan(12);

    const refused = await run(long, '--views', '3', '--json', json);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('holds results of other settings') });

    const resumed = await run(long, '--views', '1', '--json', json);
    expect(resumed).toMatchObject({ code: 0, err: expect.stringContaining(`${left} of 12 videos were judged before`) });
    const unbroken = await run(long, '--views', '1', '--json', '-');
    expect(still(await readFile(json, 'utf8'))).toEqual(still(unbroken.out));
    expect((await readdir(made.folder)).filter((name) => name.startsWith('killed'))).toEqual(['killed.json']);
  });

  test('is cancelled by Ctrl-C with code 130, and says how to go on', async () => {
    const progress = join(made.folder, 'cancelled.progress');
    const child = start([long, '--views', '1', '--resume', progress]);
    const ended = outcomeOf(child);
    await judged(progress, 1);
    child.kill('SIGINT');
    const { code, err } = await ended;
    expect(code).toBe(130);
    expect(err).toContain(`kept in ${progress}`);
    expect(err).toContain('Cancelled.');
  });

  test.each([
    [['--sweep', 'keep=2'], 'between 0 and 1'],
    [['--sweep', 'keep=0.5', '--sweep', 'threshold=0.5'], 'exclude each other'],
    [['--limit', '0'], 'at least 1'],
    [['--resume', 'x.json', '--json', './x.json'], 'the same file'],
  ])('%j is wrong usage', async (args, complaint) => {
    const { code, err } = await run(made.list, ...args);
    expect(err).toContain(complaint);
    expect(code).toBe(2);
  });
});
