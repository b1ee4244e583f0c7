import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openDataSet } from '#engine/evaluation/data-set/data-set.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const labels = ['walking', 'riding a bike'];

/** A folder with files of the given text. */
async function folderWith(files: Readonly<Record<string, string | Uint8Array>>) {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true });
    await writeFile(join(folder.path, name), text);
  }
  return folder;
}

describe('a Kinetics list', () => {
  test('names videos relative to itself, or to the root that is given', async () => {
    await using folder = await folderWith({
      'lists/val.csv': 'videos/a b.mp4,walking\n',
      'lists/videos/a b.mp4': 'x',
      'elsewhere/videos/a b.mp4': 'x',
    });
    const list = join(folder.path, 'lists/val.csv');
    const near = await openDataSet(list, { labels });
    expect(near.videos).toEqual([
      { index: 0, path: join(folder.path, 'lists/videos/a b.mp4'), name: 'videos/a b.mp4', label: 0 },
    ]);
    const far = await openDataSet(list, { labels, root: join(folder.path, 'elsewhere') });
    expect(far.videos[0]!.path).toBe(join(folder.path, 'elsewhere/videos/a b.mp4'));
  });

  test('may come from Windows, in UTF-16 and with backslashes', async () => {
    const text = Buffer.from('\uFEFFvideos\\a.mp4 Riding_a_bike\r\n', 'utf16le');
    await using folder = await folderWith({ 'val.txt': text, 'videos/a.mp4': 'x' });
    const { videos } = await openDataSet(join(folder.path, 'val.txt'), { labels });
    expect(videos).toMatchObject([{ path: join(folder.path, 'videos/a.mp4'), label: 1 }]);
  });

  test('with bad entries is refused as a whole, saying which and how many', async () => {
    const missing = Array.from({ length: 20 }, (_, i) => `gone${i}.mp4 0`);
    await using folder = await folderWith({
      'val.txt': ['a.mp4 flying', 'a.mp4', 'empty.mp4 0', 'a.mp4 1', ...missing].join('\n'),
      'a.mp4': 'x',
      'empty.mp4': '',
    });
    const opening = openDataSet(join(folder.path, 'val.txt'), { labels });
    await expect(opening).rejects.toMatchObject({
      code: 'data-set-invalid',
      message: expect.stringMatching(
        /^val\.txt has 23 entries that cannot be used, beside 1 that can\.\n {2}- val\.txt, line 1: the model has no class "flying"\.\n.*line 2: "a\.mp4" is no path with a label\.\n.*line 3: the file empty\.mp4 is empty\.\n.*line 5: there is no file gone0\.mp4\.\n[\s\S]*and 15 more$/,
      ),
      hint: expect.stringContaining('--skip-bad'),
    });
    const { videos, bad } = await openDataSet(join(folder.path, 'val.txt'), { labels, skipBad: true });
    expect(videos).toMatchObject([{ index: 0, name: 'a.mp4', label: 1 }]);
    expect(bad).toHaveLength(23);
  });

  test('with nothing usable is refused even where bad entries may be left out', async () => {
    await using folder = await folderWith({ 'val.txt': 'gone.mp4 0\n' });
    await expect(openDataSet(join(folder.path, 'val.txt'), { labels, skipBad: true })).rejects.toMatchObject({
      code: 'data-set-invalid',
    });
  });

  test('is not a video, and not a path to nothing', async () => {
    await using folder = await folderWith({ 'a.mp4': Buffer.alloc(100) });
    await expect(openDataSet(join(folder.path, 'a.mp4'), { labels })).rejects.toMatchObject({
      code: 'data-set-invalid',
    });
    await expect(openDataSet(join(folder.path, 'none'), { labels })).rejects.toMatchObject({ code: 'file-not-found' });
  });
});

describe('a folder of classes', () => {
  test('gives the videos in the folders, in the order of their names', async () => {
    await using folder = await folderWith({
      'walking/2.MP4': 'x',
      'walking/1.webm': 'x',
      'walking/notes.txt': 'x',
      'riding_a_bike/x.mkv': 'x',
      '.cache/y.mp4': 'x',
      'README.md': 'x',
    });
    const { videos } = await openDataSet(folder.path, { labels });
    expect(videos.map(({ index, name, label }) => [index, name, label])).toEqual([
      [0, 'riding_a_bike/x.mkv', 1],
      [1, 'walking/1.webm', 0],
      [2, 'walking/2.MP4', 0],
    ]);
  });

  test('with unknown and empty classes is refused, or they are left out', async () => {
    await using folder = await folderWith({
      'walking/1.mp4': 'x',
      'flying/1.mp4': 'x',
      'riding a bike/notes.txt': 'x',
    });
    await expect(openDataSet(folder.path, { labels })).rejects.toMatchObject({
      message: expect.stringMatching(
        /Folder flying: the model has no such class[\s\S]*Folder riding a bike: there is no video/,
      ),
    });
    const { videos, bad } = await openDataSet(folder.path, { labels, skipBad: true });
    expect(videos.map(({ name }) => name)).toEqual(['walking/1.mp4']);
    expect(bad.map(({ problem }) => problem)).toEqual(['unknown-label', 'empty-class']);
  });

  test('without folders is refused', async () => {
    await using folder = await folderWith({ '1.mp4': 'x' });
    await expect(openDataSet(folder.path, { labels })).rejects.toMatchObject({ code: 'data-set-invalid' });
  });
});
