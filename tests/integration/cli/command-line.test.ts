import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, realpath, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analysisSchema } from '#contract/analysis.ts';
import { CLIPS, installTinyBundle, SAMPLE } from '../../fixtures/analysis.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../../..');
const GOLDEN = join(root, 'tests/fixtures/goldens/divided_space_time.pyth');
const QUICK = ['--model', 'untrained-tiny', '--views', '1', '--device', 'cpu', '--span', '0,2'];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await installTinyBundle(folder.path);
});
afterAll(() => folder[Symbol.asyncDispose]());

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Starts the program as a shell does, with a data folder of its own. */
function start(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const env = { ...process.env, PATCHLIGHT_HOME: folder.path, NO_COLOR: '1', ...more };
  return spawn(process.execPath, [join(root, 'electron/cli/main.ts'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function patchlight(...args: string[]): Promise<Outcome> {
  return await outcomeOf(start(args));
}

async function outcomeOf(child: ReturnType<typeof start>): Promise<Outcome> {
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

describe('patchlight', () => {
  test.each([
    [['--help']],
    [['analyze', '--help']],
    [['models', '--help']],
    [['models', 'import', '--help']],
    [['bench', '--help']],
    [['evaluate', '--help']],
  ])('%j explains itself', async (args) => {
    const { code, out } = await patchlight(...args);
    expect(code).toBe(0);
    expect(out).toContain('Usage: patchlight');
  });

  test.each([
    [['frobnicate'], 'unknown command'],
    [['analyze'], "missing required argument 'video'"],
    [['evaluate'], "missing required argument 'dataset'"],
    [['models', 'import'], "missing required argument 'checkpoint'"],
    [['analyze', 'x.mp4', '--views', '2'], 'Allowed choices are 1, 3'],
    [['analyze', 'x.mp4', '--keep', '1.5'], 'between 0 and 1'],
    [['analyze', 'x.mp4', '--keep', '0.5', '--threshold', '0.5'], 'cannot be used with'],
    [['analyze', SAMPLE, '--selector', 'full', '--keep', '0.5'], 'keeps every patch'],
    [['interpret', '-p', 'x.jpg', '--selector', 'full', '--threshold', '0.5'], 'keeps every patch'],
    [['analyze', 'x.mp4', '--overwrite'], '--overwrite is about exports, and none is asked for'],
    [['analyze', 'x.mp4', '--overlay', 'heat', '--json', '-'], '--overlay is about exports'],
    [['analyze', 'x.mp4', '--span', '5,3'], 'start before end'],
    [['analyze', 'x.mp4', '--top-k', '0'], 'whole number of at least 1'],
    [['analyze', 'x.mp4', '--threads', 'two'], 'whole number'],
  ])('%j is wrong usage', async (args, complaint) => {
    const { code, out, err } = await patchlight(...args);
    expect(err).toContain(complaint);
    expect(code).toBe(2);
    expect(out).toBe('');
  });
});

describe('patchlight analyze', () => {
  test('prints a table, says that the model is untrained, and keeps notes off standard output', async () => {
    const { code, out, err } = await patchlight('analyze', SAMPLE, ...QUICK);
    expect(code).toBe(0);
    expect(out).toContain('moving-figures.mp4  480×360 · 30 frames/s');
    expect(out).toContain('untrained');
    expect(out).toMatch(/0:00\.0 – 0:02\.1\s+\d+\.\d %/);
    expect(out).toMatch(/kept \d+\.\d % of the patches \(interpreter, threshold 0\.5\)/);
    expect(err).toBe('');
  });

  test('--json - prints one document of the contract and nothing else', async () => {
    const { code, out } = await patchlight('analyze', SAMPLE, ...QUICK, '--json', '-');
    expect(code).toBe(0);
    const analysis = analysisSchema.parse(JSON.parse(out));
    expect(analysis.video.path).toBe(SAMPLE);
    expect(analysis.settings).toMatchObject({ views: 1, selector: 'interpreter', threshold: 0.5, keep: null });
    expect(analysis.clips[0]).not.toHaveProperty('threeClip');
  });

  test('goes on after a bad file, lists it in the array, and fails in the end', async () => {
    const bad = join(folder.path, 'bad.mp4');
    await writeFile(bad, 'no video');
    const file = join(folder.path, 'result.json');
    const { code, err } = await patchlight('analyze', bad, SAMPLE, ...QUICK, '--json', file);
    expect(code).toBe(1);
    expect(err).toContain('is not a video');
    const [first, second] = JSON.parse(await readFile(file, 'utf8'));
    expect(first).toMatchObject({ video: { path: bad }, error: { code: 'not-a-video' } });
    expect(analysisSchema.parse(second).clips).toHaveLength(1);
  });

  test('says what is wrong with a file that is not there, without a stack trace', async () => {
    const { code, out, err } = await patchlight('analyze', join(folder.path, 'missing.mp4'), ...QUICK);
    expect(code).toBe(1);
    expect(err).toMatch(/^patchlight: There is no file .*missing\.mp4\.\n {2}\S.*\n$/);
    expect(out).toBe('');
  });

  test('run by npm, which stands in the package, looks where npm was called', async () => {
    const called = { INIT_CWD: folder.path, npm_lifecycle_event: 'patchlight' };
    const { err } = await outcomeOf(start(['analyze', 'missing.mp4', ...QUICK], called));
    expect(err).toContain(`There is no file ${join(await realpath(folder.path), 'missing.mp4')}.`);
  });

  test('says which models there are when the name is wrong', async () => {
    const { code, err } = await patchlight('analyze', SAMPLE, '--model', 'no-such-model');
    expect(code).toBe(1);
    expect(err).toContain('no-such-model');
    expect(err).toContain('models list');
  });

  test('does not write half a result where it cannot write', async () => {
    const { code, err } = await patchlight(
      'analyze',
      SAMPLE,
      ...QUICK,
      '--json',
      join(folder.path, 'no', 'such', 'x.json'),
    );
    expect(code).toBe(1);
    expect(err).toContain('cannot be written');
  });

  test('is cancelled by Ctrl-C with code 130, and leaves nothing half-written', async () => {
    const file = join(folder.path, 'cancelled.json');
    const videos = [SAMPLE, join(root, 'build/sample/one-after-another.mp4')];
    const settings = ['--model', 'untrained-tiny', '--stride', '0.2', '--device', 'cpu', '--json', file];
    const child = start(['analyze', ...videos, ...settings]);
    // It tells of a video when it is done with it, and has hundreds of views of the second before it then.
    child.stdout.once('data', () => child.kill('SIGINT')).resume();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(err).toContain('Cancelled.');
    expect(code).toBe(130);
    expect((await readdir(folder.path)).filter((name) => name.startsWith('cancelled'))).toEqual([]);
  });

  test('does not mind a reader that goes away', async () => {
    const child = start(['models', 'list']);
    child.stdout.destroy();
    const [err, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    expect(err).not.toContain('EPIPE');
    expect(code).toBe(0);
  });

  test.skipIf(!existsSync(CLIPS))(
    'analyses portrait footage of other people (skipped without ../shared/clips)',
    async () => {
      const { code, out } = await patchlight(
        'analyze',
        join(CLIPS, 'making-cake-portrait.mp4'),
        ...QUICK,
        '--json',
        '-',
      );
      expect(code).toBe(0);
      expect(JSON.parse(out).video).toMatchObject({ width: 320, height: 426 });
    },
  );
});

describe('patchlight models', () => {
  test('imports a checkpoint, lists, inspects and uses it, and removes it', async () => {
    const imported = await patchlight(
      'models',
      'import',
      GOLDEN,
      '--name',
      'golden',
      '--heads',
      '3',
      '--licence',
      'CC-BY-NC-4.0',
    );
    expect(imported).toMatchObject({ code: 0 });
    expect(imported.out).toContain('TimeSformer, divided space time, 4 frames of 32×32');
    expect(imported.out).toContain('full, random, frame-difference, saliency');
    expect(imported.err).toContain('Next: patchlight analyze VIDEO --model golden\n');

    const again = await patchlight('models', 'import', GOLDEN, '--name', 'golden', '--heads', '3');
    expect(again.code).toBe(1);
    expect(again.err).toContain('already');

    const listed = await patchlight('models', 'list');
    expect(listed.out).toMatch(/golden\s+user.*CC-BY-NC-4\.0/);
    expect(listed.out).toMatch(/untrained-tiny\s+user\s+untrained/);

    const inspected = await patchlight('models', 'inspect', 'golden', '--json');
    expect(JSON.parse(inspected.out)).toMatchObject({
      manifest: { name: 'golden', architecture: { attention: 'divided_space_time', heads: 3 }, selection: null },
    });

    const used = await patchlight(
      'analyze',
      SAMPLE,
      '--model',
      'golden',
      '--views',
      '1',
      '--device',
      'cpu',
      '--json',
      '-',
    );
    expect(JSON.parse(used.out)).toMatchObject({ model: { name: 'golden' }, settings: { selector: 'full' } });

    const refused = await patchlight('analyze', SAMPLE, '--model', 'golden', '--selector', 'interpreter');
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('has no interpreter');

    expect((await patchlight('models', 'remove', 'golden')).code).toBe(0);
    expect((await patchlight('models', 'list')).out).not.toContain('golden');
  });

  test('imports and inspects a model for images, and refuses it for videos', async () => {
    const deit = join(root, 'tests/fixtures/goldens/deit-ia-red2.pth');
    const imported = await patchlight('models', 'import', deit, '--name', 'deit', '--heads', '3');
    expect(imported.out).toContain('DeiT, images of 64×64');
    expect(imported.out).toContain('interpreter, full, random.');
    expect(imported.err).toContain('Next: patchlight interpret -p IMAGE --model deit\n');
    const inspected = await patchlight('models', 'inspect', 'deit');
    expect(inspected.out).toMatch(/images\s+short side to 73, bicubic, middle 64×64/);
    expect(inspected.out).toMatch(/cost\s+0\.\d+ GMACs an image/);
    const out = ['--out', join(folder.path, 'training')];
    const commands = [['analyze'], ['evaluate'], ['faithfulness'], ['train', ...out]];
    const refused = await Promise.all(
      commands.map(([name = '', ...options]) => patchlight(name, SAMPLE, '--model', 'deit', ...options)),
    );
    for (const { code, err } of refused) {
      expect(err).toContain('looks at images, not at videos');
      expect(code).toBe(1);
    }
  });

  test('does not remove what came with Patchlight', async () => {
    const { code, err } = await patchlight('models', 'remove', 'motions-tiny');
    expect(code).toBe(1);
    expect(err).toContain('cannot be removed');
  });

  test('refuses a file that is no checkpoint', async () => {
    const { code, err } = await patchlight('models', 'import', SAMPLE, '--name', 'nonsense');
    expect(code).toBe(1);
    expect(err).toMatch(/^patchlight: \S/);
    expect(err).not.toContain('    at ');
  });
});
