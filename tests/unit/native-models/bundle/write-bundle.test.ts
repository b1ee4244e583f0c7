import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultPreprocessing, defaultSampling } from '#native-models/bundle/preparation.ts';
import { type BundleParts, writeBundle } from '#native-models/bundle/write-bundle.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { float32Entries, TINY, weightsOf } from '../../../fixtures/weights.ts';

const PARTS: BundleParts = {
  manifest: {
    title: 'A *bold* title | with markup',
    architecture: TINY,
    preprocessing: defaultPreprocessing(TINY),
    sampling: defaultSampling(TINY),
    selection: null,
    trained: true,
    training: { dataset: 'motions', epochs: 3 },
    licence: { name: 'Apache-2.0', source: null },
  },
  labels: ['a', 'b', 'c', 'd', 'e'],
  tensors: float32Entries(weightsOf(TINY)),
  notes: ['Trained on figures that move.'],
};

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

describe('writing a bundle', () => {
  it('makes a folder with manifest, weights, labels and card', async () => {
    const bundle = await writeBundle(join(folder.path, 'new', 'tiny'), PARTS);
    expect(await readdir(join(folder.path, 'new'))).toEqual(['tiny']);
    expect((await readdir(bundle.directory)).toSorted()).toEqual([
      'CARD.md',
      'labels.json',
      'manifest.json',
      'model.safetensors',
    ]);
    expect(bundle.manifest).toMatchObject({ name: 'tiny', formatVersion: 1, training: { epochs: 3 } });
    expect(bundle.labels).toEqual(PARTS.labels);
  });

  it('writes a card that says what the model is, with markup taken out of foreign text', async () => {
    const bundle = await writeBundle(join(folder.path, 'tiny'), PARTS);
    const card = await readFile(join(bundle.directory, 'CARD.md'), 'utf8');
    expect(card).toContain('# A \\*bold\\* title \\| with markup');
    expect(card).toContain('| architecture | TimeSformer, divided_space_time |');
    expect(card).toContain('no interpreter');
    expect(card).toContain('Trained on figures that move.');
  });

  it('refuses a name that is none', async () => {
    for (const name of ['.hidden', 'Upper', 'a b', 'ä']) {
      await expect(writeBundle(join(folder.path, name), PARTS)).rejects.toMatchObject({ code: 'bundle-invalid' });
    }
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('refuses to write over anything', async () => {
    await mkdir(join(folder.path, 'folder'));
    await writeFile(join(folder.path, 'file'), '');
    for (const name of ['folder', 'file']) {
      await expect(writeBundle(join(folder.path, name), PARTS)).rejects.toMatchObject({ code: 'bundle-exists' });
    }
  });

  it('lets one of two win that write the same model at once', async () => {
    const path = join(folder.path, 'tiny');
    const outcomes = await Promise.allSettled([writeBundle(path, PARTS), writeBundle(path, PARTS)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const loser = outcomes.find((outcome) => outcome.status === 'rejected');
    expect(loser?.reason).toMatchObject({ code: 'bundle-exists' });
    expect(await readdir(folder.path)).toEqual(['tiny']);
  });
});

describe('nothing is left of a bundle', () => {
  it.each<[string, Partial<BundleParts>]>([
    ['whose tensors are not those of its architecture', { tensors: PARTS.tensors.slice(1) }],
    ['whose labels are too few', { labels: ['a'] }],
    ['whose manifest is wrong', { manifest: { ...PARTS.manifest, title: '' } }],
  ])('%s', async (_, wrong) => {
    await expect(writeBundle(join(folder.path, 'x'), { ...PARTS, ...wrong })).rejects.toMatchObject({
      code: 'bundle-invalid',
    });
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('that was cancelled at any moment', async () => {
    for (const after of [0, 5_000, Number.POSITIVE_INFINITY]) {
      const abort = new AbortController();
      const onProgress = (done: number, total: number) => done >= Math.min(after, total) && abort.abort();
      await expect(writeBundle(join(folder.path, 'x'), PARTS, { signal: abort.signal, onProgress })).rejects.toThrow(
        /abort/,
      );
      expect(await readdir(folder.path)).toEqual([]);
    }
  });

  it('that a killed process was writing, once another one is written; those of running processes stay', async () => {
    const host = hostname().replaceAll(/[^A-Za-z0-9]/g, '_');
    const dead = `.partial-${host}-${2 ** 22 + 1}-x`;
    const alive = `.partial-${host}-${process.ppid}-x`;
    const elsewhere = `.partial-${host}x-${2 ** 22 + 1}-x`;
    for (const name of [dead, alive, elsewhere]) await mkdir(join(folder.path, name));
    await writeBundle(join(folder.path, 'tiny'), PARTS);
    expect((await readdir(folder.path)).toSorted()).toEqual([alive, elsewhere, 'tiny'].toSorted());
  });
});
