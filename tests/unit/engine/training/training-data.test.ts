import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DataSetInvalidError, FileNotFoundError } from '#contract/errors.ts';
import { openTrainingData, type TrainingDataOptions } from '#engine/training/training-data.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

/** Files that look like videos from outside; nothing here looks into them. */
async function files(...names: string[]): Promise<void> {
  for (const name of names) {
    const path = join(folder.path, name);
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, name.includes('empty') ? '' : 'x');
  }
}
const list = async (text: string) => {
  const path = join(folder.path, 'list.txt');
  await writeFile(path, text);
  return path;
};
const open = (path: string, options: Partial<TrainingDataOptions> = {}) =>
  openTrainingData(path, { labels: ['clap', 'wave'], pseudoLabels: true, badData: 'stop', ...options });
const namesOf = async (path: string, options: Partial<TrainingDataOptions> = {}) =>
  (await open(path, options)).videos.map(({ name }) => name);

describe('videos without labels', () => {
  it('are those of a folder at any depth, hidden ones and other files aside', async () => {
    await files('b.mp4', 'A/c.MOV', 'a/deep/d.webm', 'notes.txt', '.trash/e.mp4', 'a/.f.mp4', 'masks/g.png');
    const { videos } = await open(folder.path);
    expect(videos.map(({ name }) => name)).toEqual(['A/c.MOV', 'a/deep/d.webm', 'b.mp4']);
    expect(videos.map(({ index, label }) => [index, label])).toEqual([
      [0, null],
      [1, null],
      [2, null],
    ]);
  });

  it('are those of a list, whose labels are passed over', async () => {
    await files('one.mp4', 'two words.mp4', 'sub/three.mp4');
    const path = await list('path,label\n# mine\none.mp4,flying\n\ntwo words.mp4\nsub/three.mp4 17\n');
    expect(await namesOf(path)).toEqual(['one.mp4', 'two words.mp4', 'sub/three.mp4']);
    const elsewhere = join(folder.path, 'sub');
    expect(await namesOf(await list('three.mp4'), { root: elsewhere })).toEqual(['three.mp4']);
  });

  it('are refused where some cannot be used, or taken without those', async () => {
    await files('one.mp4', 'empty.mp4');
    const path = await list('one.mp4\ngone.mp4,clap\nempty.mp4\n');
    const refused = open(path);
    await expect(refused).rejects.toThrow(DataSetInvalidError);
    await expect(refused).rejects.toThrow(
      /2 entries that cannot be used, beside 1 that can.*line 2: there is no file gone/s,
    );
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining('--bad-data skip') });
    const { videos, bad } = await open(path, { badData: 'skip' });
    expect([videos.length, bad.length]).toEqual([1, 2]);
    await expect(open(folder.path)).rejects.toThrow('The file empty.mp4 is empty.');
  });

  it('are not there', async () => {
    await expect(open(join(folder.path, 'nowhere'))).rejects.toThrow(FileNotFoundError);
    await expect(open(folder.path)).rejects.toThrow('holds no video that can be used');
    await files('one.mp4', 'list.dat');
    await expect(open(join(folder.path, 'one.mp4'))).rejects.toThrow('neither a folder nor a list');
    await writeFile(join(folder.path, 'list.dat'), 'a\0b');
    await expect(open(join(folder.path, 'list.dat'))).rejects.toThrow('neither a folder nor a list');
  });
});

describe('videos with labels', () => {
  it('have the classes of the model', async () => {
    await files('one.mp4', 'two.mp4');
    const { videos } = await open(await list('one.mp4,Wave\ntwo.mp4 0\n'), { pseudoLabels: false });
    expect(videos.map(({ label }) => label)).toEqual([1, 0]);
  });

  it('of other classes are refused with the way out', async () => {
    await files('one.mp4', 'two.mp4');
    const refused = open(await list('one.mp4,flying\ntwo.mp4,wave\n'), { pseudoLabels: false });
    await expect(refused).rejects.toThrow('the model has no class "flying"');
    await expect(refused).rejects.toMatchObject({ hint: expect.stringContaining('--pseudo-labels') });
    const none = open(await list('one.mp4,flying\n'), { pseudoLabels: false, badData: 'skip' });
    await expect(none).rejects.toMatchObject({ hint: expect.stringContaining('--pseudo-labels') });
  });
});
