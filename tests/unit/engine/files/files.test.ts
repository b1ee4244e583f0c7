import { copyFile, mkdir, open, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileIdSchema } from '#contract/files.ts';
import { contentKey } from '#engine/files/content-key.ts';
import { FileRegistry } from '#engine/files/file-registry.ts';
import { listLibrary } from '#engine/files/library.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

describe('ids of files', () => {
  test('say nothing, and are the same for the same file under the same key', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'holiday.mp4');
    await writeFile(path, 'video');
    const registry = new FileRegistry('key');
    const { file, name } = await registry.grant(path);
    expect(name).toBe('holiday.mp4');
    expect(fileIdSchema.parse(file)).not.toContain('holiday');
    expect(registry.path(file)).toBe(path);
    expect((await new FileRegistry('key').grant(path)).file).toBe(file);
    expect((await new FileRegistry('another key').grant(path)).file).not.toBe(file);
  });

  test('are found only where the file was granted', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.mp4');
    await writeFile(path, 'video');
    const { file } = await new FileRegistry('key').grant(path);
    expect(() => new FileRegistry('key').path(file)).toThrow(expect.objectContaining({ code: 'file-unknown' }));
    await expect(new FileRegistry('key').grant(join(folder.path, 'b.mp4'))).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });

  test('a link and the file that it leads to have one', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'a.mp4'), 'video');
    await symlink(join(folder.path, 'a.mp4'), join(folder.path, 'b.mp4'));
    const registry = new FileRegistry('key');
    expect(await registry.grant(join(folder.path, 'b.mp4'))).toEqual(await registry.grant(join(folder.path, 'a.mp4')));
  });
});

describe('the key of a content', () => {
  test('is the same for a copy under another name, whenever it was made', async () => {
    await using folder = await temporaryFolder();
    const [a, b] = [join(folder.path, 'a'), join(folder.path, 'b')];
    await writeFile(a, 'the same');
    await copyFile(a, b);
    await utimes(b, 1, 1);
    expect(await contentKey(b)).toBe(await contentKey(a));
    await writeFile(b, 'the samE');
    expect(await contentKey(b)).not.toBe(await contentKey(a));
  });

  test('of a large file sees changes at its ends and its time, without reading it whole', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'large');
    const file = await open(path, 'w+');
    await file.truncate(8 * 2 ** 30);
    await file.utimes(100, 100);
    const key = await contentKey(path);
    expect(await contentKey(path)).toBe(key);
    for (const position of [0, 8 * 2 ** 30 - 1]) {
      await file.write(Uint8Array.of(1), 0, 1, position);
      await file.utimes(100, 100);
      const changed = await contentKey(path);
      expect(changed).not.toBe(key);
      await file.write(Uint8Array.of(0), 0, 1, position);
      await file.utimes(100, 100);
    }
    expect(await contentKey(path)).toBe(key);
    await file.utimes(100, 101);
    expect(await contentKey(path)).not.toBe(key);
    await file.close();
  });

  test('of a file that is gone is an error that says so', async () => {
    await expect(contentKey('/nowhere/at/all.mp4')).rejects.toMatchObject({ code: 'file-not-found' });
  });
});

test('a library lists videos by name, and neither hidden files nor what links lead to', async () => {
  await using folder = await temporaryFolder();
  await using outside = await temporaryFolder();
  await mkdir(join(folder.path, 'trip'));
  for (const name of ['b.MKV', 'a.mp4', 'notes.txt', '.hidden.mp4', 'trip/c.webm']) {
    await writeFile(join(folder.path, name), 'x');
  }
  await writeFile(join(outside.path, 'secret.mp4'), 'x');
  await symlink(join(outside.path, 'secret.mp4'), join(folder.path, 'link.mp4'));
  await symlink(outside.path, join(folder.path, 'linked'));
  const registry = new FileRegistry('key');
  const files = await listLibrary(folder.path, registry);
  expect(files.map(({ name, sizeBytes }) => [name, sizeBytes])).toEqual([
    ['a.mp4', 1],
    ['b.MKV', 1],
    ['trip/c.webm', 1],
  ]);
  expect(registry.path(files[2]!.file)).toBe(join(folder.path, 'trip', 'c.webm'));
  // What was exported beside them is none of them.
  const own = await listLibrary(folder.path, registry, async (path) => path.endsWith('a.mp4'));
  expect(own.map(({ name }) => name)).toEqual(['b.MKV', 'trip/c.webm']);
  await rename(folder.path, `${folder.path}-gone`);
  expect(await listLibrary(folder.path, registry)).toEqual([]);
  await rename(`${folder.path}-gone`, folder.path);
});
