import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EventHub } from '#engine/store/event-hub.ts';
import { NoticeBoard } from '#engine/store/notice-board.ts';
import { type ResultKey, ResultStore } from '#engine/store/result-store.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const hex = (digit: number) => String(digit).repeat(32);
/** Results 1 and 2 are of one video, the others of videos of their own. */
const key = (n: number): ResultKey => ({ content: hex(n <= 2 ? 1 : n), result: hex(n) });
const ROOMY = { results: 100, bytes: 2 ** 20 };
const none = () => false;
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

async function storeWith(...numbers: number[]) {
  const folder = await temporaryFolder();
  const store = new ResultStore(folder.path, new NoticeBoard(new EventHub()));
  const place = ({ content, result }: ResultKey) => join(folder.path, content, result);
  for (const n of numbers) {
    await (await store.open(key(n)))[Symbol.asyncDispose]();
    await aMoment();
  }
  return {
    store,
    /** Lets a result take so many bytes more. */
    grow: (n: number, bytes: number) => writeFile(join(place(key(n)), 'clips.log.damaged'), new Uint8Array(bytes)),
    left: async () => {
      const found: string[] = [];
      for (const content of await readdir(folder.path)) found.push(...(await readdir(join(folder.path, content))));
      return found.map((name) => Number(name[0])).sort();
    },
    videos: () => readdir(folder.path),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

test('of more results than allowed, those that were not opened for longest are deleted, with the folders of their videos', async () => {
  await using it = await storeWith(1, 2, 3, 4);
  await (await it.store.open(key(1)))[Symbol.asyncDispose]();
  await it.store.prune({ ...ROOMY, results: 2 }, none);
  expect(await it.left()).toEqual([1, 4]);
  expect((await it.videos()).sort()).toEqual([hex(1), hex(4)]);
});

test('everything in a result’s folder counts', async () => {
  await using it = await storeWith(1, 2, 3);
  await it.grow(1, 10);
  await it.grow(2, 2000);
  await it.grow(3, 10);
  await it.store.open(key(3)).then((result) => result[Symbol.asyncDispose]());
  await it.store.prune({ ...ROOMY, bytes: 1000 }, none);
  expect(await it.left()).toEqual([1, 3]);
});

test('listing the results of a video is no use of them, also while it goes on', async () => {
  await using it = await storeWith(1, 3);
  await it.store.list(key(1).content);
  const listing = Promise.all(Array.from({ length: 10 }, () => it.store.list(key(1).content)));
  await it.store.prune({ ...ROOMY, results: 1 }, none);
  expect(await it.left()).toEqual([3]);
  await listing;
});

test('a result that is open, or needed by what is not finished, stays', async () => {
  await using it = await storeWith(1, 2, 3, 4, 5);
  await using _open = await it.store.open(key(1));
  await aMoment();
  await (await it.store.open(key(5)))[Symbol.asyncDispose]();
  await it.store.prune({ ...ROOMY, results: 1 }, (result) => result === key(3).result);
  // What is needed takes the only place; the latest one stays in any case.
  expect(await it.left()).toEqual([1, 3, 5]);
  expect(await it.store.forget(key(1))).toBe(false);
});

test('a result that is opened while results are deleted is whole, or new', async () => {
  await using it = await storeWith(1, 2, 3, 4, 5, 6);
  const pruning = it.store.prune({ ...ROOMY, results: 1 }, none);
  const opened = await Promise.all([1, 2, 3, 4, 5].map((n) => it.store.open(key(n))));
  await pruning;
  // Every one that is in use has its files.
  expect(await it.left()).toEqual(expect.arrayContaining([1, 2, 3, 4, 5]));
  for (const result of opened) await result[Symbol.asyncDispose]();
});
