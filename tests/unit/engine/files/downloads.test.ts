import { readdir, utimes, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { Downloads } from '#engine/files/downloads.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

test('what nobody fetched for long makes room, the oldest first; what is new stays', async () => {
  await using home = await temporaryFolder();
  const folder = join(home.path, 'downloads');
  await using downloads = await Downloads.open(folder, { keptMs: 60_000, mostBytes: 250 });
  const made = async (minutesAgo: number) => {
    const place = await downloads.place();
    await writeFile(join(place, 'a.mp4'), Buffer.alloc(100));
    const then = Date.now() / 1000 - 60 * minutesAgo;
    await utimes(join(place, 'a.mp4'), then, then);
    await utimes(place, then, then);
    return basename(place);
  };
  const oldest = await made(30);
  const older = await made(20);
  const old = await made(10);
  expect(await readdir(folder)).toHaveLength(3);
  const fresh = await made(0);
  expect((await readdir(folder)).sort()).toEqual([older, old, fresh].sort());
  expect(await readdir(folder)).not.toContain(oldest);
  const others = await Promise.all([made(0), made(0), made(0)]);
  await downloads.place();
  expect(await readdir(folder)).toEqual(expect.arrayContaining([fresh, ...others]));
  expect(await readdir(folder)).not.toContain(old);
});

test('they go away with the engine, and what an earlier one left with the next', async () => {
  await using home = await temporaryFolder();
  const folder = join(home.path, 'downloads');
  const downloads = await Downloads.open(folder);
  await writeFile(join(await downloads.place(), 'left'), '');
  await Downloads.open(folder);
  expect(await readdir(home.path)).toEqual([]);
  await downloads.place();
  await downloads[Symbol.asyncDispose]();
  expect(await readdir(home.path)).toEqual([]);
});
