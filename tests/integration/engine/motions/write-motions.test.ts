import { execFile } from 'node:child_process';
import { access, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ResumeMismatchError, UnwritableFileError, UsageError } from '#contract/errors.ts';
import { writeMotions } from '#engine/motions/write-motions.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
import { motionClip } from '#native-models/motions/motion-clip.ts';
import { clipLabel } from '#native-models/motions/splits.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const run = promisify(execFile);
const size = 64;
const settings = { clips: { train: 2, val: 1, test: 3 }, size, masks: true };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let written: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  written = join(folder.path, 'motions');
  await writeMotions(written, settings);
});
afterAll(() => folder[Symbol.asyncDispose]());

const decode = async (file: string, format: string): Promise<Uint8Array> => {
  const args = ['-v', 'error', '-i', file, '-f', 'rawvideo', '-pix_fmt', format, '-'];
  return (await run('ffmpeg', args, { encoding: 'buffer', maxBuffer: 10_000_000 })).stdout;
};

const allFiles = async (directory: string) =>
  (await readdir(directory, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);

const testVideo = (index: number) =>
  join(written, 'test', motionClasses[clipLabel('test', index)]!.replaceAll(' ', '-'), `00000${index}.mp4`);

test('each list names existing videos and their classes', async () => {
  for (const [split, count] of Object.entries(settings.clips)) {
    const lines = (await readFile(join(written, `${split}.csv`), 'utf8')).trimEnd().split('\n');
    expect(lines).toHaveLength(count);
    for (const [index, line] of lines.entries()) {
      const [path = '', label] = line.split(',');
      await access(join(written, path));
      expect(label).toBe(motionClasses[clipLabel(split as 'train' | 'val' | 'test', index)]);
    }
  }
  const labels = await readFile(join(written, 'labels.txt'), 'utf8');
  expect(labels.trimEnd().split('\n')).toEqual(motionClasses);
});

test('a video shows what the clip in memory shows', async () => {
  const pixels = await decode(testVideo(1), 'rgb24');
  const decibels = (index: number) => {
    const clip = motionClip('test', index, { frames: 64, size });
    expect(pixels).toHaveLength(clip.pixels.length);
    const squares = pixels.reduce((sum, value, i) => sum + (value - clip.pixels[i]!) ** 2, 0);
    return 10 * Math.log10(255 ** 2 / (squares / pixels.length));
  };
  // Half of the colour is lost to 4:2:0.
  expect(decibels(1)).toBeGreaterThan(25);
  expect(decibels(2)).toBeLessThan(15);
});

test('a mask file is the mask, frame below frame, to the pixel', async () => {
  const file = testVideo(2).replace(written, join(written, 'masks')).replace('.mp4', '.png');
  const grey = await decode(file, 'gray');
  const { mask } = motionClip('test', 2, { frames: 64, size });
  expect(Buffer.from(mask.map((value) => 255 * value)).equals(grey)).toBe(true);
});

test('what is missing is drawn, to the same bytes, and nothing else is touched', async () => {
  const [gone, kept] = [testVideo(0), testVideo(1)];
  const before = await readFile(gone);
  const { mtimeMs } = await stat(kept);
  await rm(gone);
  const told: string[] = [];
  const again = await writeMotions(written, settings, { onProgress: (done, total) => told.push(`${done}/${total}`) });
  expect(again).toMatchObject({ drawn: 1, total: 6 });
  expect(told).toEqual(['5/6', '6/6']);
  expect((await readFile(gone)).equals(before)).toBe(true);
  expect((await stat(kept)).mtimeMs).toBe(mtimeMs);
});

test('a cancelled run leaves whole clips only, and goes on later', async () => {
  const directory = join(folder.path, 'cancelled');
  const cancel = new AbortController();
  const many = { ...settings, clips: { train: 40, val: 0, test: 0 } };
  const running = writeMotions(directory, many, {
    signal: cancel.signal,
    onProgress: (done) => {
      if (done === 2) cancel.abort(new DOMException('Interrupted', 'AbortError'));
    },
  });
  await expect(running).rejects.toThrow('Interrupted');
  const names = await allFiles(directory);
  expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
  const videos = names.filter((name) => name.endsWith('.mp4')).length;
  expect(videos).toBeGreaterThanOrEqual(2);
  expect(videos).toBeLessThan(10);
  expect(names).not.toContain('train.csv');
  const rest = await writeMotions(directory, { ...many, clips: { train: 12, val: 0, test: 0 } });
  expect(rest.drawn).toBe(12 - videos);
});

test('a folder that was begun with another size is not mixed up', async () => {
  await expect(writeMotions(written, { ...settings, size: 96 })).rejects.toThrow(ResumeMismatchError);
});

test('a folder that holds something else is left alone', async () => {
  const other = join(folder.path, 'photos');
  await mkdir(other);
  await writeFile(join(other, 'cat.jpg'), 'a cat');
  await expect(writeMotions(other, settings)).rejects.toThrow(UsageError);
  expect(await readdir(other)).toEqual(['cat.jpg']);
});

test('a place that cannot be written to is named', async () => {
  const file = join(folder.path, 'a-file');
  await writeFile(file, '');
  await expect(writeMotions(join(file, 'motions'), settings)).rejects.toThrow(UnwritableFileError);
});
