import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Interpretation, interpretationsSchema } from '#contract/interpretation.ts';
import { findImages } from '#engine/images/find-images.ts';
import { type ImageEngine, openImageEngine } from '#engine/interpretation/image-engine.ts';
import { interpretImages } from '#engine/interpretation/interpret-images.ts';
import { resolveImageSelector } from '#native-models/selection/image-selector.ts';
import { collectGarbage } from '../../../fixtures/collect-garbage.ts';
import { environment } from '../../../fixtures/environment.ts';
import { importGoldenDeit } from '../../../fixtures/golden-deit.ts';
import { gradient } from '../../../fixtures/images/odd-images.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const IMAGES = 6;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let variables: Disposable;
let engine: ImageEngine & AsyncDisposable;
let out: string;
let runs = 0;
const at = (name: string) => join(folder.path, name);
beforeAll(async () => {
  folder = await temporaryFolder();
  variables = environment({ PATCHLIGHT_HOME: folder.path });
  engine = await openImageEngine(await importGoldenDeit(folder.path), { device: 'cpu', precision: 'fp32', threads: 1 });
  await mkdir(at('images'));
  const image = await gradient(12, 8).png().toBuffer();
  for (let i = 0; i < IMAGES; i++) await writeFile(at(`images/${i}.png`), image);
  await writeFile(at('images/broken.png'), 'no image');
});
afterAll(async () => {
  await engine[Symbol.asyncDispose]();
  variables[Symbol.dispose]();
  await folder[Symbol.asyncDispose]();
});
beforeEach(() => {
  out = at(`out-${runs++}`);
});

async function interpreted(signal?: AbortSignal) {
  const selector = resolveImageSelector(engine.model.bundle.manifest, {});
  const request = { selector, maps: ['interpreter-2'], outside: [], framing: 'whole', topCount: 3 } as const;
  const images = await findImages(at('images'));
  return interpretImages(engine, images, { ...request, folder: out, masks: null, curves: false }, signal);
}

test('a folder’s document holds every report and failure as it was told', async () => {
  const told: Interpretation[] = [];
  for await (const event of await interpreted()) {
    if (event.type === 'image') told.push(event.interpretation);
    else if (event.type === 'done') {
      expect(event).toMatchObject({ images: IMAGES, document: join(out, 'interpretations.json'), comparison: null });
      expect(event.files).toEqual([event.document, join(out, 'maps.png')]);
    }
  }
  const document = JSON.parse(await readFile(join(out, 'interpretations.json'), 'utf8'));
  expect(interpretationsSchema.parse(document).images).toEqual(told);
  expect(document.failures).toMatchObject([{ path: at('images/broken.png'), error: { code: 'not-an-image' } }]);
});

test('no report is kept once it was told', async () => {
  const told: WeakRef<Interpretation>[] = [];
  let kept: number | null = null;
  for await (const event of await interpreted()) {
    if (event.type === 'image') told.push(new WeakRef(event.interpretation));
    if (event.type !== 'done') continue;
    await collectGarbage();
    kept = told.filter((report) => report.deref() !== undefined).length;
  }
  expect(told).toHaveLength(IMAGES);
  // The last one may still be at hand.
  expect(kept).toBeLessThanOrEqual(1);
});

test('one that is cancelled leaves the images that are done, and no document', async () => {
  const stop = new AbortController();
  const run = async () => {
    for await (const event of await interpreted(stop.signal)) if (event.type === 'image') stop.abort();
  };
  await expect(run()).rejects.toMatchObject({ name: 'AbortError' });
  expect(await readdir(out)).toEqual(['0.png']);
  expect(await readdir(at('unfinished-exports'))).toEqual([]);
});
