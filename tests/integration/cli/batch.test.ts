import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { exportedAnalysisSchema } from '#contract/exports.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { installTinyBundle, SAMPLE } from '../../fixtures/analysis.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const root = resolve(import.meta.dirname, '../../..');
const QUICK = [
  '--model',
  'untrained-tiny',
  '--views',
  '1',
  '--device',
  'cpu',
  '--span',
  '0,2',
  '--min-confidence',
  '0',
];

let home: Awaited<ReturnType<typeof temporaryFolder>>;
/** Where videos lie and exports go; new for each test, so that only results are shared. */
let place: string;
let number = 0;

beforeAll(async () => {
  home = await temporaryFolder();
  await installTinyBundle(join(home.path, 'data'));
});
afterAll(() => home[Symbol.asyncDispose]());
beforeEach(async () => {
  number += 1;
  place = join(home.path, `place ${number}`);
  await mkdir(place);
});

function start(args: readonly string[]) {
  const env = { ...process.env, PATCHLIGHT_HOME: join(home.path, 'data'), NO_COLOR: '1' };
  const main = join(root, 'electron/cli/main.ts');
  return spawn(process.execPath, [main, 'analyze', ...args], { env, cwd: place, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function analyze(...args: string[]) {
  const child = start([...args, ...QUICK]);
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code, out, err };
}

/** The names in a folder and below it; drafts and all. */
const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

const stampOf = async (name: string) => (await stat(join(place, name))).mtimeMs;

describe('patchlight analyze --export', () => {
  test('writes what was asked for, for each video of a folder, with a table in the end', async () => {
    await mkdir(join(place, 'in', 'кино'), { recursive: true });
    await copyFile(SAMPLE, join(place, 'in', 'one, "two".mp4'));
    await copyFile(SAMPLE, join(place, 'in', 'кино', '=прыжок.mp4'));
    await writeFile(join(place, 'in', 'notes.txt'), 'no video');
    const wanted = ['{name}.csv', '{name}.json', 'subtitles/{name}.vtt', '{name}.{clip}.png', '{folder}-{name}.npz'];
    const { code, out } = await analyze('in', '--export-to', 'out', ...wanted.flatMap((name) => ['--export', name]));
    expect(code).toBe(0);
    expect(await filesIn(join(place, 'out'))).toEqual([
      ...['=прыжок.00000.png', '=прыжок.csv', '=прыжок.json', 'in-one, _two_.npz'],
      ...['one, _two_.00000.png', 'one, _two_.csv', 'one, _two_.json', 'subtitles/=прыжок.vtt'],
      ...['subtitles/one, _two_.vtt', 'кино-=прыжок.npz'],
    ]);
    expect(out).toMatch(/one, "two"\.mp4 +1 .* done +5 written\n/);
    // The same content under another name is not computed twice.
    expect(out).toMatch(/=прыжок\.mp4 +1 .* as before +5 written\n/);
    expect(out).toContain('2 videos: 1 analysed, 1 as before, 0 failed; files: 10 written, 0 up to date');
    const document = JSON.parse(await readFile(join(place, 'out', '=прыжок.json'), 'utf8'));
    expect(exportedAnalysisSchema.parse(document)).toMatchObject({
      analysis: { video: { path: join(place, 'in', 'кино', '=прыжок.mp4') } },
      provenance: { source: { name: '=прыжок.mp4' }, model: { name: 'untrained-tiny', trained: false } },
    });
  });

  test('does only what is missing or would be another file now', async () => {
    await copyFile(SAMPLE, join(place, 'a.mp4'));
    const wanted = ['--export', '{name}.csv', '--export', '{name}.srt'];
    expect(await analyze('a.mp4', ...wanted)).toMatchObject({ code: 0 });
    const before = await stampOf('a.csv');

    const again = await analyze('a.mp4', ...wanted);
    expect(again.out).toContain('0 analysed, 1 as before, 0 failed; files: 0 written, 2 up to date');

    await rm(join(place, 'a.srt'));
    const missing = await analyze('a.mp4', ...wanted);
    expect(missing.out).toContain('files: 1 written, 1 up to date');
    expect(await stampOf('a.csv')).toBe(before);
  });

  test('makes anew what other settings would make of it', async () => {
    await copyFile(SAMPLE, join(place, 'a.mp4'));
    const wanted = ['--export', '{name}.csv', '--export', '{name}.srt'];
    expect(await analyze('a.mp4', ...wanted)).toMatchObject({ code: 0 });
    const changed = await analyze('a.mp4', ...wanted, '--intervals-smoothing', 'median:3');
    expect(changed.out).toContain('1 as before, 0 failed; files: 2 written, 0 up to date');

    const other = await analyze('a.mp4', ...wanted, '--keep', '0.25');
    expect(other.out).toContain('1 analysed, 0 as before, 0 failed; files: 2 written');
    expect(await readFile(join(place, 'a.csv'), 'utf8')).toMatch(/,128,512,0.25,/);
  });

  test('never touches a file that it has not written, unless it is told to', async () => {
    await copyFile(SAMPLE, join(place, 'a.mp4'));
    await writeFile(join(place, 'a.csv'), 'precious');
    const wanted = ['--export', '{name}.csv', '--export', '{name}.vtt'];
    const refused = await analyze('a.mp4', ...wanted);
    expect(refused).toMatchObject({ code: 1 });
    expect(refused.err).toMatch(/There is already a file .*a\.csv\.\n {2}Let it be replaced \(--overwrite\)/);
    expect(await readFile(join(place, 'a.csv'), 'utf8')).toBe('precious');
    expect(await filesIn(place)).toEqual(['a.csv', 'a.mp4', 'a.vtt']);

    expect(await analyze('a.mp4', ...wanted, '--overwrite')).toMatchObject({ code: 0 });
    expect(await readFile(join(place, 'a.csv'), 'utf8')).toContain('video,clip,view');

    // What was changed by hand since is not ours any more.
    await writeFile(join(place, 'a.csv'), 'edited');
    await utimes(join(place, 'a.csv'), 1, 1);
    expect(await analyze('a.mp4', ...wanted)).toMatchObject({ code: 1 });
    expect(await readFile(join(place, 'a.csv'), 'utf8')).toBe('edited');
  });

  test('goes on after a bad file, and says in the end what failed', async () => {
    await writeFile(join(place, 'bad.mp4'), 'no video');
    await copyFile(SAMPLE, join(place, 'good.mp4'));
    const { code, out, err } = await analyze('*.mp4', 'none-*.mp4', '--export', '{name}.csv', '--report', 'all.html');
    expect(code).toBe(1);
    expect(err).toContain('is not a video');
    expect(err).toContain('No file fits none-*.mp4');
    expect(out).toMatch(/bad\.mp4 +failed: not-a-video/);
    expect(out).toContain('3 videos: ');
    expect(await filesIn(place)).toEqual(['all.html', 'bad.mp4', 'good.csv', 'good.mp4']);
    const page = await readFile(join(place, 'all.html'), 'utf8');
    expect(page).toContain('bad.mp4 is not a video');
    expect(page).toContain('data:image/png;base64,');
  });

  test('draws videos as it is told, and their part that is analysed', async () => {
    await copyFile(SAMPLE, join(place, 'a.mp4'));
    const drawn = ['--side-by-side', '--overlay', 'heat', '--without', 'legend,model'];
    const { code } = await analyze('a.mp4', '--export', '{name}.annotated.mp4', '--export', '{name}.csv', ...drawn);
    expect(code).toBe(0);
    const { width, height, durationSeconds, hasAudio } = await probeVideo(join(place, 'a.annotated.mp4'));
    expect([width, height, durationSeconds, hasAudio]).toEqual([960, 360, 2, false]);
    // Drawn otherwise, the video is another file, and the table is the same one.
    const again = await analyze('a.mp4', '--export', '{name}.annotated.mp4', '--export', '{name}.csv');
    expect(again.out).toContain('files: 1 written, 1 up to date');
    expect((await probeVideo(join(place, 'a.annotated.mp4'))).width).toBe(480);
    // What was exported beside it is no video of the folder.
    expect((await analyze('.', '--export', '{name}.csv')).out).toContain('1 video: 0 analysed, 1 as before');
  });

  test('refuses two videos for one target', async () => {
    for (const folder of ['a', 'b']) {
      await mkdir(join(place, folder));
      await copyFile(SAMPLE, join(place, folder, 'same.mp4'));
    }
    const { code, err } = await analyze('a', 'b', '--export', '{name}.csv');
    expect(code).toBe(1);
    expect(err).toContain('{folder} stands for the folder');
    expect(await analyze('a', 'b', '--export', '{folder}/{name}.csv')).toMatchObject({ code: 0 });
  });

  test.each([[['--export', '{name}.docx'], 'Nothing can be exported as {name}.docx']])(
    '%j is wrong usage, before anything is computed',
    async (args, complaint) => {
      const { code, err } = await analyze('missing.mp4', ...args);
      expect(err).toContain(complaint);
      expect(code).toBe(2);
    },
  );

  test('goes on where a killed run was, and removes what that left', async () => {
    await copyFile(SAMPLE, join(place, 'a.mp4'));
    const long = ['a.mp4', '--export', 'out/{name}.{clip}.png', '--export', 'out/{name}.csv'];
    const settings = ['--model', 'untrained-tiny', '--views', '1', '--device', 'cpu', '--stride', '1', '--span', '0,6'];
    const killed = start([...long, ...settings]);
    const deadline = performance.now() + 50_000;
    // In the middle of the figures: some are there, some are not.
    while ((await filesIn(place)).filter((name) => name.endsWith('.png')).length < 1) {
      expect(performance.now()).toBeLessThan(deadline);
      await sleep(5);
    }
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(await filesIn(join(place, 'out'))).not.toContain('a.csv');

    const child = start([...long, ...settings]);
    const [out] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    expect(child.exitCode).toBe(0);
    expect(out).toContain('0 analysed, 1 as before');
    const files = await filesIn(join(place, 'out'));
    expect(files.filter((name) => !/^a(\.\d{5}\.png|\.csv)$/.test(name))).toEqual([]);
    expect(files).toHaveLength(6);
  });
});
