import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { storageUse } from '#engine/store/storage-use.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const NOTHING = { results: 0, previews: 0, models: 0, fetches: 0, batch: 0, exchange: 0, other: 0 };

test('adds up the files of each part, however deep they lie', async () => {
  await using folder = await temporaryFolder();
  const files = {
    'results/video/result/clips.log': 300,
    'results/video/result/facts.json': 20,
    'models/mine/model.safetensors': 5000,
    'downloads/export-1/table.csv': 7,
    'uploads/one/video.mp4': 11,
    'settings.json': 2,
    'of-a-later-version/file': 4,
  };
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(folder.path, name)), { recursive: true });
    await writeFile(join(folder.path, name), Buffer.alloc(bytes));
  }
  expect(await storageUse(folder.path)).toEqual({
    folder: folder.path,
    bytes: { ...NOTHING, results: 320, models: 5000, exchange: 18, other: 6 },
  });
});

test('a link is no way to what it leads to', async () => {
  await using folder = await temporaryFolder();
  await using elsewhere = await temporaryFolder();
  await writeFile(join(elsewhere.path, 'large'), Buffer.alloc(100_000));
  await symlink(elsewhere.path, join(folder.path, 'models'));
  expect((await storageUse(folder.path)).bytes.models).toBeLessThan(1000);
});

test('a folder that is not there holds nothing', async () => {
  await using folder = await temporaryFolder();
  expect((await storageUse(join(folder.path, 'none'))).bytes).toEqual(NOTHING);
});

test('stops when it is called off', async () => {
  await using folder = await temporaryFolder();
  await writeFile(join(folder.path, 'settings.json'), '{}');
  await expect(storageUse(folder.path, AbortSignal.abort())).rejects.toThrow();
});
