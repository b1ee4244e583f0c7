import { mkdir, readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { BatchStore } from '#engine/batch/batch-store.ts';
import { Receipts } from '#engine/batch/receipts.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const KIB = 1024;
const keyOf = (number: number) => ({ content: 'c'.repeat(32), result: String(number).padStart(32, '0') });

/** A store with a KiB of result for each day, the first the oldest. */
async function storeOf(days: number) {
  const folder = await temporaryFolder();
  const place = (number: number) => join(folder.path, 'results', keyOf(number).content, keyOf(number).result);
  for (let day = 0; day < days; day++) {
    await mkdir(place(day), { recursive: true });
    await writeFile(join(place(day), 'clips.log'), new Uint8Array(KIB));
    await utimes(place(day), day, day);
  }
  const left = async () => (await readdir(join(place(0), '..'))).map(Number).sort();
  return { folder, left, store: () => new BatchStore(folder.path) };
}

test('results of earlier commands are kept within a bound, the latest ones', async () => {
  await using it = { ...(await storeOf(5)), [Symbol.asyncDispose]: async () => {} };
  await it.store().tidy(3 * KIB);
  expect(await it.left()).toEqual([2, 3, 4]);
  await it.store().tidy(3 * KIB);
  expect(await it.left()).toEqual([2, 3, 4]);
  await it.folder[Symbol.asyncDispose]();
});

test('what this command used is kept however much it is, and what another one works with', async () => {
  const it = await storeOf(5);
  const [own, other] = [it.store(), it.store()];
  await (await own.open(keyOf(0)))[Symbol.asyncDispose]();
  await using _held = await other.open(keyOf(1));
  await own.tidy(0);
  expect(await it.left()).toEqual([0, 1]);
  await it.folder[Symbol.asyncDispose]();
});

test('two videos of one content share a result, which no other command may use meanwhile', async () => {
  const it = await storeOf(1);
  const store = it.store();
  const [first, second] = [await store.open(keyOf(7)), await store.open(keyOf(7))];
  await first[Symbol.asyncDispose]();
  await expect(it.store().open(keyOf(7))).rejects.toMatchObject({ code: 'already-running' });
  await second[Symbol.asyncDispose]();
  await (await it.store().open(keyOf(7)))[Symbol.asyncDispose]();
  await it.folder[Symbol.asyncDispose]();
});

test('receipts are bounded, and those of this command stay', async () => {
  await using folder = await temporaryFolder();
  const target = (number: number) => join(folder.path, `${number}.csv`);
  const at = join(folder.path, 'receipts');
  for (let number = 0; number < 4; number++) {
    await writeFile(target(number), 'a table');
    const { size: bytes, mtimeMs: modifiedMs } = await stat(target(number));
    const before = await readdir(at).catch((): string[] => []);
    await new Receipts(at).note(target(number), '/v.mp4', 'key', { bytes, modifiedMs });
    const [written = ''] = (await readdir(at)).filter((name) => !before.includes(name));
    await utimes(join(at, written), number, number);
  }
  const receipts = new Receipts(at);
  expect(await receipts.isOurs(target(0))).toBe(true);
  await receipts.prune(2);
  const ours = await Promise.all([0, 1, 2, 3].map((number) => receipts.isOurs(target(number))));
  expect(ours).toEqual([true, false, false, true]);
});
