import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PreviewStore } from '#engine/previews/preview-store.ts';
import { answerFile } from '#shell/file-answer.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const content = (digit: number) => String(digit).repeat(32);
const writing = (bytes: number) => (draft: string) => writeFile(draft, new Uint8Array(bytes));
/** File systems tell times apart that are so far from each other. */
const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

async function storeOf(mostBytes: number) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'previews');
  const limit = { bytes: mostBytes };
  return {
    path,
    limit,
    open: () => PreviewStore.open(path, () => limit.bytes),
    names: async () => (await readdir(path)).sort(),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

describe('a preview', () => {
  test('is found by the content that it shows, also after the next start', async () => {
    await using it = await storeOf(1000);
    const store = await it.open();
    expect(await store.find(content(1))).toBeNull();
    const path = await store.add(content(1), writing(10));
    expect(await store.find(content(1))).toBe(path);
    expect(await (await it.open()).find(content(1))).toBe(path);
    expect(await store.find(content(2))).toBeNull();
  });

  test('that could not be written leaves nothing behind', async () => {
    await using it = await storeOf(1000);
    const store = await it.open();
    const adding = store.add(content(1), async (draft) => {
      await writing(10)(draft);
      throw new Error('the disk is full');
    });
    await expect(adding).rejects.toThrow('the disk is full');
    expect(await it.names()).toEqual([]);
    expect(await store.find(content(1))).toBeNull();
  });

  test('is not there before it is whole', async () => {
    await using it = await storeOf(1000);
    const store = await it.open();
    await store.add(content(1), async (draft) => {
      await writing(10)(draft);
      expect(await store.find(content(1))).toBeNull();
    });
  });

  test('that is found stays the same file for a player: size and time of change', async () => {
    await using it = await storeOf(1000);
    const store = await it.open();
    const path = await store.add(content(1), writing(10));
    const request = { method: 'HEAD', header: () => null };
    const { headers } = await answerFile(path, request);
    await aMoment();
    await store.find(content(1));
    expect((await answerFile(path, request)).headers).toEqual(headers);
  });
});

describe('previews together', () => {
  test('keep within their bound: those that were not used for longest go', async () => {
    await using it = await storeOf(300);
    const store = await it.open();
    const paths: string[] = [];
    for (const digit of [1, 2, 3]) {
      paths.push(await store.add(content(digit), writing(100)));
      await aMoment();
    }
    await store.find(content(1));
    await aMoment();
    const [first, , third] = paths;
    const fourth = await store.add(content(4), writing(100));
    expect(await it.names()).toEqual([first, third, fourth].map((path) => basename(path!)));
  });

  test('are fewer at once when the bound is lowered, and at the next start', async () => {
    await using it = await storeOf(300);
    const store = await it.open();
    for (const digit of [1, 2, 3]) {
      await store.add(content(digit), writing(100));
      await aMoment();
    }
    it.limit.bytes = 200;
    await store.prune();
    expect(await it.names()).toHaveLength(2);
    it.limit.bytes = 100;
    await it.open();
    expect(await it.names()).toHaveLength(1);
    expect(await store.find(content(3))).not.toBeNull();
  });

  test('keep the latest one, however large it is', async () => {
    await using it = await storeOf(300);
    const store = await it.open();
    await store.add(content(1), writing(100));
    await aMoment();
    const large = await store.add(content(2), writing(5000));
    expect(await it.names()).toEqual([basename(large)]);
  });

  test('begin without what a killed engine left', async () => {
    await using it = await storeOf(1000);
    const kept = await (await it.open()).add(content(1), writing(10));
    await writeFile(`${kept}.0123456789ab.part`, 'half');
    await writeFile(join(it.path, `${content(2)}-0.mp4`), 'of an earlier version');
    await mkdir(join(it.path, 'a folder'));
    await it.open();
    expect(await it.names()).toEqual([basename(kept)]);
  });
});
