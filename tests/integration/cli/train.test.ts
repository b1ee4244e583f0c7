import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisSchema } from '#contract/analysis.ts';
import { trainingReportSchema } from '#contract/training.ts';
import { fittedTitle } from '#engine/training/fitting-notes.ts';
import { loadBundle } from '#native-models/bundle/load-bundle.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { SAMPLE } from '../../fixtures/analysis.ts';
import { writeDataSet } from '../../fixtures/data-set.ts';
import { TINY } from '../../fixtures/weights.ts';

const root = resolve(import.meta.dirname, '../../..');
const CLASSES = ['bend', 'clap', 'jump', 'kick', 'wave'];

let made: Awaited<ReturnType<typeof writeDataSet>>;
let source: string;
beforeAll(async () => {
  made = await writeDataSet(['bend', 'Clap', 2, 'kick']);
  source = join(made.folder, 'models', 'tiny');
  await createRandomBundle(source, TINY, {
    seed: 1,
    selection: null,
    labels: CLASSES,
    title: 'Tiny',
    samplingRate: 20,
  });
});
afterAll(() => made[Symbol.asyncDispose]());

const out = (name: string) => join(made.folder, 'trainings', name);

function start(command: string, args: readonly string[]) {
  const env = { ...process.env, PATCHLIGHT_HOME: made.folder, NO_COLOR: '1' };
  return spawn(process.execPath, [join(root, 'electron/cli/main.ts'), command, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function outcomeOf(child: ReturnType<typeof start>) {
  const [printed, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number | null, out: printed, err };
}

/** `patchlight train`, with a model and steps that take no time. */
const trainArgs = (data: string, folder: string, ...more: string[]) => [
  ...[data, '--model', 'tiny', '--out', folder, '--device', 'cpu', '--threads', '1', '--batch', '2'],
  ...['--held-out', '0.25', ...more],
];
const run = (data: string, folder: string, ...more: string[]) =>
  outcomeOf(start('train', trainArgs(data, folder, ...more)));

describe('patchlight train', () => {
  test('explains itself', async () => {
    const { code, out: help } = await outcomeOf(start('train', ['--help']));
    expect(code).toBe(0);
    expect(help).toContain('--pseudo-labels');
  });

  test.each([
    [['videos'], "required option '--model"],
    [['videos', '--model', 'tiny'], "required option '--out"],
    [['videos', '--model', 'tiny', '--out', 'x', '--steps', '5', '--epochs', '1'], 'cannot be used with'],
    [['videos', '--model', 'tiny', '--out', 'x', '--reward', 'cubic'], 'squared, linear'],
    [['videos', '--model', 'tiny', '--out', 'x', '--exploration', '0.2'], 'between 0.5 and 1'],
    [['videos', '--model', 'tiny', '--out', 'x', '--bad-data', 'ignore'], 'stop, skip'],
  ])('%j is wrong usage', async (args, complaint) => {
    const { code, err } = await outcomeOf(start('train', args));
    expect(err).toContain(complaint);
    expect(code).toBe(2);
  });

  test('fits a model to a folder of videos without labels, and the other commands take the result', async () => {
    const folder = out('unlabelled');
    const {
      code,
      out: printed,
      err,
    } = await run(
      made.folder,
      folder,
      ...['--pseudo-labels', '--steps', '4', '--install', '--name', 'fitted', '--json', '-'],
    );
    expect(err).toContain('3 videos to learn from');
    expect(err).toContain('after 1-policy');
    expect(code).toBe(0);
    const report = trainingReportSchema.parse(JSON.parse(printed));
    expect(report).toMatchObject({
      data: { trainingVideos: 3, heldOutVideos: 1, skipped: 0 },
      recipe: { pseudoLabels: true, policySteps: 4, fineTuneSteps: 0 },
      heldOut: { right: null },
      bundle: { name: 'fitted', directory: join(made.folder, 'models', 'fitted') },
    });
    expect(report.calibration!.agreement).toBeGreaterThanOrEqual(0.97);
    const args = [SAMPLE, '--model', 'fitted', '--views', '1', '--device', 'cpu', '--span', '0,1', '--json', '-'];
    const analysed = await outcomeOf(start('analyze', args));
    expect(analysisSchema.parse(JSON.parse(analysed.out)).settings).toMatchObject({
      selector: 'interpreter',
      threshold: report.threshold,
    });
    const again = await run(made.folder, folder, '--pseudo-labels', '--steps', '4', '--install', '--name', 'fitted');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('already a model called fitted') });
  });

  test('trains with the labels of a list in both phases, and prints what that is worth', async () => {
    const folder = out('labelled');
    const done = await run(made.list, folder, '--steps', '6');
    expect(done.err).toContain('after 2-fine-tune');
    expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/right: .* with all patches/) });
    const fitted = await loadBundle(join(folder, 'tiny-selected'));
    const { manifest } = fitted;
    expect([manifest.title, fittedTitle(fitted)]).toEqual(['Tiny, with patch selection', 'Tiny, with patch selection']);
    expect(manifest.training).toMatchObject({ recipe: { policySteps: 5, fineTuneSteps: 1, tau: 1 } });
    const again = await run(made.list, folder, '--steps', '6');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('already a model or folder') });
  });

  test('reports bad data before anything is learnt, or leaves it out and says how much', async () => {
    await writeFile(join(made.folder, 'corrupt.avi'), 'no video');
    const list = join(made.folder, 'bad.csv');
    await writeFile(list, `${await readFile(made.list, 'utf8')}gone.mp4,clap\nvideo 1.mp4,flying\ncorrupt.avi,bend\n`);
    const folder = out('bad');
    const refused = await run(list, folder, '--steps', '2');
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/^patchlight: bad\.csv has 2 entries that cannot be used, beside 5 that can/);
    expect(refused.err).toContain('there is no file gone.mp4');
    expect(refused.err).toContain('the model has no class "flying"');
    expect(refused.err).toContain('--pseudo-labels');
    await writeFile(list, `${await readFile(made.list, 'utf8')}corrupt.avi,bend\n`);
    const corrupt = await run(list, folder, '--steps', '2');
    expect(corrupt).toMatchObject({ code: 1, err: expect.stringMatching(/bad\.csv has one entry.*\n.*corrupt\.avi/) });
    expect(await readdir(folder)).toEqual(['videos.jsonl']);

    const skipped = await run(list, folder, '--steps', '2', '--bad-data', 'skip', '--json', '-');
    expect(skipped.err).toMatch(/warning: Left out: .*corrupt\.avi/);
    expect(JSON.parse(skipped.out)).toMatchObject({ data: { skipped: 1, trainingVideos: 3 } });
    expect(skipped.code).toBe(0);
  });

  test('refuses classes that are not those of the model, and says what to do', async () => {
    const classes = join(made.folder, 'other');
    for (const name of ['flying', 'swimming']) await mkdir(join(classes, name), { recursive: true });
    const { code, err } = await run(classes, out('other'), '--steps', '2');
    expect(code).toBe(1);
    expect(err).toContain('Folder flying: the model has no such class.');
    expect(err).toContain('--pseudo-labels');
  });

  test('refuses a second training in the same folder', async () => {
    const folder = out('locked');
    await mkdir(folder, { recursive: true });
    const owner = { token: 'other', pid: process.pid, host: hostname(), since: new Date().toISOString() };
    await writeFile(join(folder, 'training.lock'), JSON.stringify(owner));
    const { code, err } = await run(made.list, folder, '--steps', '2');
    expect(code).toBe(1);
    expect(err).toContain(`Another training works in ${folder}: process ${process.pid}`);
    expect(await readdir(folder)).toEqual(['training.lock']);
  });

  test('killed or cancelled goes on with the same command, with the result of an unbroken run', async () => {
    const steps = ['--policy-steps', '12', '--fine-tune-steps', '400', '--rounds', '2'];
    const unbroken = await run(made.list, out('unbroken'), ...steps);
    expect(unbroken.code).toBe(0);

    const folder = out('broken');
    const [killed, cancelled] = [
      { signal: 'SIGKILL', after: '1-policy' },
      { signal: 'SIGINT', after: '3-policy' },
    ] as const;
    for (const { signal, after } of [killed, cancelled]) {
      const child = start('train', trainArgs(made.list, folder, ...steps));
      let cancelledWith = '';
      for await (const line of createInterface({ input: child.stderr })) {
        cancelledWith += `${line}\n`;
        if (line.startsWith(`after ${after}`)) child.kill(signal);
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      if (signal === 'SIGKILL') expect(await readdir(folder)).toContain('training.lock');
      else {
        expect(child.exitCode).toBe(130);
        expect(cancelledWith).toContain('the same command goes on');
        expect(cancelledWith).toContain('1-policy: done before');
      }
      expect(await readdir(folder)).not.toContain('tiny-selected');
    }
    const finished = await run(made.list, folder, ...steps);
    expect(finished.code).toBe(0);
    const sums = await Promise.all(
      ['unbroken', 'broken'].map(async (name) => (await loadBundle(join(out(name), 'tiny-selected'))).manifest.weights),
    );
    expect(sums[1]).toEqual(sums[0]);
    expect(await readdir(folder)).not.toContain('training.lock');
  }, 240_000);

  test('refuses to go on with another recipe', async () => {
    const folder = out('changed');
    const first = await run(made.list, folder, '--steps', '4', '--name', 'one');
    expect(first.code).toBe(0);
    const { code, err } = await run(made.list, folder, '--steps', '4', '--tau', '3', '--name', 'two');
    expect(code).toBe(1);
    expect(err).toContain('reward.tau was 1 and is 3');
  });
});
