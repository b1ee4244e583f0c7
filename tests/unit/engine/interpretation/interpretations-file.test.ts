import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Interpretation, Interpretations } from '#contract/interpretation.ts';
import { InterpretationsFile } from '#engine/interpretation/interpretations-file.ts';
import { collectGarbage } from '../../../fixtures/collect-garbage.ts';
import { environment } from '../../../fixtures/environment.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let home: Awaited<ReturnType<typeof temporaryFolder>>;
let variables: Disposable;
beforeAll(async () => {
  home = await temporaryFolder();
  variables = environment({ PATCHLIGHT_HOME: home.path });
});
afterAll(async () => {
  variables[Symbol.dispose]();
  await home[Symbol.asyncDispose]();
});
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());
const target = () => join(folder.path, 'out', 'interpretations.json');

/** A report with a map of so many scores. */
function report(path: string, scores: number): Interpretation {
  const map = {
    name: 'random',
    width: scores,
    height: 1,
    scores: Array.from({ length: scores }, (_, i) => i / scores),
  };
  return {
    image: { path, format: 'png', width: 3, height: 2, pages: 1 },
    seen: { left: 0, top: 0, right: 3, bottom: 2 },
    model: { name: 'any', imageSize: 8, patchSize: 8, classes: 2, trained: true },
    device: { used: 'cpu', precision: 'fp32' },
    ...{ selector: 'full', top: [], fullTop: [], groups: [], gmacs: 1, gmacsFull: 1, maps: [map] },
  };
}
const FAILURE = { path: '/b\n"c".png', error: { code: 'file-empty', message: 'b.png is empty.' } };

test.each<[string, Interpretations]>([
  ['nothing', { images: [], failures: [], comparison: null }],
  ['one image', { images: [report('/a.png', 3)], failures: [], comparison: null }],
  [
    'images whose names hold anything, a failure and a comparison',
    {
      images: [report('/a\n  b "c" \\ \u2028.png', 2), report('/ö.png', 0), report('/c.png', 1)],
      failures: [FAILURE],
      comparison: { images: 3, maps: [{ map: 'random', masks: null, curves: null }] },
    },
  ],
])('a document of %s is the text that would be made of it at once', async (_, document) => {
  const { images, ...rest } = document;
  await using file = await InterpretationsFile.begin(target());
  for (const image of images) await file.add(image);
  expect(await file.finish(rest)).toBe(target());
  expect(await readFile(target(), 'utf8')).toBe(`${JSON.stringify(document, null, 2)}\n`);
});

test('one that is left unfinished leaves nothing, and what was there as it was', async () => {
  {
    await using file = await InterpretationsFile.begin(target());
    await writeFile(target(), 'of another day');
    await file.add(report('/a.png', 3));
  }
  expect(await readdir(join(folder.path, 'out'))).toEqual(['interpretations.json']);
  expect(await readFile(target(), 'utf8')).toBe('of another day');
  expect(await readdir(join(home.path, 'unfinished-exports'))).toEqual([]);
});

test('where nothing can be written, it says so before there is anything to write', async () => {
  await writeFile(join(folder.path, 'out'), 'a file');
  await expect(InterpretationsFile.begin(target())).rejects.toMatchObject({ code: 'file-unwritable' });
});

test('five hundred reports take no more memory than one', async () => {
  await using file = await InterpretationsFile.begin(target());
  const add = async (count: number) => {
    for (let i = 0; i < count; i++) await file.add(report(`/${i}.png`, 5000));
    await collectGarbage();
    return process.memoryUsage().heapUsed;
  };
  const before = await add(1);
  const after = await add(500);
  await file.finish({ failures: [], comparison: null });
  expect((await stat(target())).size).toBeGreaterThan(40e6);
  expect((after - before) / 2 ** 20).toBeLessThan(4);
});
