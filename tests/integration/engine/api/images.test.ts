import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { FileId } from '#contract/files.ts';
import { readImage } from '#engine/images/read-image.ts';
import { sharedEngine } from '../../../fixtures/engine-host.ts';
import { importGoldenDeit } from '../../../fixtures/golden-deit.ts';
import { gradient } from '../../../fixtures/images/odd-images.ts';

const MODEL = 'golden-deit';

const engine = sharedEngine((folder) => importGoldenDeit(join(folder, 'models')));
let file: FileId;
const granted = async (name: string, bytes: Buffer) => {
  const path = join(engine.folder, name);
  await writeFile(path, bytes);
  return engine.grant(path);
};
beforeAll(async () => {
  file = await granted('gradient.png', await gradient(90, 60).png().toBuffer());
});

test('an image is opened, shown to a model, and explained by map after map', async () => {
  expect(await engine.client.images.open({ file })).toEqual({
    ...{ file, name: 'gradient.png', format: 'png', width: 90, height: 60, pages: 1 },
  });
  const maps = ['interpreter', 'attention', 'random'];
  const events = await Array.fromAsync(engine.client.images.interpret({ file, model: MODEL, maps }));
  expect(events.map(({ type }) => type)).toEqual(['picture', 'answer', 'map', 'map', 'map', 'done']);
  const [picture, answer, map] = events;
  expect(picture).toMatchObject({ picture: { width: 384, height: 384 } });
  expect(answer).toMatchObject({ interpretation: { model: { name: MODEL }, maps: [], groups: [{}, {}, {}] } });
  expect(map).toMatchObject({ map: { name: 'interpreter-2', width: 8, height: 8 } });
});

test('the image that comes with Patchlight is known to the model that does', async () => {
  const sample = await engine.client.images.openSample();
  expect(sample).toMatchObject({ name: 'shape.jpg', width: 448, height: 448 });
  const { top, fullTop } = await engine.client.images.select({ file: sample.file, model: 'shapes-deit-tiny' });
  expect([top[0]?.label, fullTop[0]?.label]).toEqual(['star', 'star']);
});

test('thresholds may move: the answer is that of an image seen for the first time', async () => {
  const select = (thresholds: number[], of = file) =>
    engine.client.images.select({ file: of, model: MODEL, selector: { thresholds } });
  const copy = await granted('copy.png', await gradient(90, 60).png().toBuffer());
  await select([0.48, 0.48, 0.48]);
  const moved = await select([0.48, 0.5, 0.49]);
  const { image: _, ...fresh } = await select([0.48, 0.5, 0.49], copy);
  expect(moved).toMatchObject(fresh);
  expect(moved.groups.map(({ threshold }) => threshold)).toEqual([0.48, 0.5, 0.49]);
});

test('the figure is given as a picture and as a drawing', async () => {
  const svg = await engine.client.images.figure({ file, model: MODEL, format: 'svg' });
  expect(svg.name).toBe('gradient.hierarchical.svg');
  expect(new TextDecoder().decode(svg.content)).toMatch(/^<svg /);
  const { name, content } = await engine.client.images.figure({ file, model: MODEL, format: 'png' });
  const path = join(engine.folder, name);
  await writeFile(path, content);
  expect((await readImage(path)).height).toBe(384);
});

test('what cannot be shown says why', async () => {
  const broken = await granted('broken.jpg', Buffer.from('no image'));
  await expect(engine.client.images.open({ file: broken })).rejects.toMatchObject({ code: 'not-an-image' });
  const first = engine.client.images.interpret({ file, model: 'untrained-tiny' }).next();
  await expect(first).rejects.toMatchObject({ code: 'model-kind' });
  const names = engine.client.images.interpret({ file, model: MODEL, maps: ['grad-cam'] });
  await expect(Array.fromAsync(names)).rejects.toMatchObject({ code: 'usage' });
});
