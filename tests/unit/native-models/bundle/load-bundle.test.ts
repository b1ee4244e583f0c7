import { copyFile, cp, mkdir, readFile, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Bundle, loadBundle } from '#native-models/bundle/load-bundle.ts';
import { expectedParameters } from '#native-models/bundle/parameters.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { verifyBundle } from '#native-models/bundle/verify-bundle.ts';
import { writeSafetensors } from '#native-models/checkpoints/write-safetensors.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { float32Entries, TINY, weightsOf } from '../../../fixtures/weights.ts';

const SELECTION = { heads: 6, threshold: 0.5, groups: [{ firstBlock: 0, blocks: 2 }] };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let sound: Bundle;
/** A copy of the sound bundle that a test may break. */
let directory: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  sound = await createRandomBundle(join(folder.path, 'sound'), TINY, { seed: 1, selection: SELECTION, title: 'Sound' });
});
afterAll(() => folder[Symbol.asyncDispose]());
beforeEach(async () => {
  directory = join(folder.path, 'broken');
  await rm(directory, { recursive: true, force: true });
  await cp(sound.directory, directory, { recursive: true });
});

async function change(edit: (manifest: Record<string, Record<string, unknown>>) => void): Promise<void> {
  const path = join(directory, 'manifest.json');
  const manifest = JSON.parse(await readFile(path, 'utf8'));
  edit(manifest);
  await writeFile(path, JSON.stringify(manifest));
}

async function setWeights(entries: Parameters<typeof writeSafetensors>[1]): Promise<void> {
  const written = await writeSafetensors(join(directory, 'model.safetensors'), entries);
  await change((manifest) => Object.assign(manifest.weights!, written));
}

const refusal = (reason: string | RegExp) => ({
  code: 'bundle-invalid',
  message: typeof reason === 'string' ? expect.stringContaining(reason) : expect.stringMatching(reason),
});

describe('loading a bundle', () => {
  it('gives the manifest, the labels, and the place of every parameter', async () => {
    const bundle = await loadBundle(directory);
    expect(bundle.manifest.architecture).toEqual(TINY);
    expect(bundle.labels).toEqual(['class 0', 'class 1', 'class 2', 'class 3', 'class 4']);
    const shapes = new Map([...bundle.tensors].map(([name, { shape }]) => [name, shape]));
    expect(shapes).toEqual(expectedParameters(TINY, SELECTION));
    const bytes = [...bundle.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    const first = Math.min(...[...bundle.tensors.values()].map(({ byteOffset }) => byteOffset));
    expect(first + bytes).toBe((await stat(bundle.weightsPath)).size);
  });

  it('works through a link to the whole folder', async () => {
    const link = join(folder.path, 'link');
    await symlink(directory, link);
    expect((await loadBundle(link)).directory).toBe(directory);
    await rm(link);
  });

  it('says that there is no bundle', async () => {
    await expect(loadBundle(join(folder.path, 'nowhere'))).rejects.toMatchObject({ code: 'bundle-not-found' });
    await expect(loadBundle(folder.path)).rejects.toMatchObject({ code: 'bundle-not-found' });
  });
});

describe('a bundle is refused when its paths leave it', () => {
  it.each([
    '../sound/model.safetensors',
    '/etc/passwd',
    'a/../../x',
    '..',
    '',
    '.',
    'C:\\x',
    '..\\x',
    '\0',
    'file:///x',
  ])('%j', async (path) => {
    await change((manifest) => Object.assign(manifest.weights!, { file: path }));
    await expect(loadBundle(directory)).rejects.toMatchObject(
      refusal(/outside|something else than a file|has no file|link/),
    );
    await change((manifest) => Object.assign(manifest, { labels: path }));
    await expect(loadBundle(directory)).rejects.toMatchObject(
      refusal(/outside|something else than a file|has no file|link/),
    );
  });

  it.each(['model.safetensors', 'labels.json', 'manifest.json'])('through a link: %s', async (file) => {
    await rm(join(directory, file));
    await symlink(join(sound.directory, file), join(directory, file));
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('through a link'));
  });

  it('through a link to a folder', async () => {
    await symlink(sound.directory, join(directory, 'inner'));
    await change((manifest) => Object.assign(manifest.weights!, { file: 'inner/model.safetensors' }));
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('through a link'));
  });

  it('even through a link that stays inside', async () => {
    await rename(join(directory, 'model.safetensors'), join(directory, 'real.safetensors'));
    await symlink('real.safetensors', join(directory, 'model.safetensors'));
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('through a link'));
  });

  it('but not when they name a folder in it', async () => {
    await mkdir(join(directory, 'weights'));
    await copyFile(sound.weightsPath, join(directory, 'weights/model.safetensors'));
    await change((manifest) => Object.assign(manifest.weights!, { file: 'weights/model.safetensors' }));
    await expect(loadBundle(directory)).resolves.toBeDefined();
  });
});

const RESIZE = { mode: 'short-side', filter: 'bicubic', cropFraction: 0.9 };

describe('a bundle is refused when', () => {
  it.each<[string, (manifest: Record<string, Record<string, unknown>>) => void, string | RegExp]>([
    ['its manifest has an unknown field', (m) => Object.assign(m, { run: 'rm -rf' }), 'run'],
    ['its format is of the future', (m) => Object.assign(m, { formatVersion: 5 }), 'formatVersion'],
    [
      'its format is too old for its interpreter',
      (m) => Object.assign(m.selection!, { interpreter: 'motion-aware' }),
      'came with format version 2',
    ],
    [
      'its format is too old to say where it was fetched',
      (m) => Object.assign(m, { fetched: { source: 'o/n', revision: null, date: '2026-01-01T00:00:00Z', files: [] } }),
      'came with format version 3',
    ],
    [
      'its format is too old to say how images are resized',
      (m) => Object.assign(m.preprocessing!, { resize: RESIZE }),
      'came with format version 4',
    ],
    [
      'it resizes images, and looks at videos',
      (m) => Object.assign(Object.assign(m, { formatVersion: 4 }).preprocessing!, { resize: RESIZE }),
      'looks at videos',
    ],
    ['its heads do not divide its width', (m) => Object.assign(m.architecture!, { heads: 5 }), 'heads must divide dim'],
    ['its sampling is missing', (m) => Object.assign(m, { sampling: null }), 'no sampling'],
    [
      'its sampling is for another clip',
      (m) => Object.assign(m.sampling!, { numFrames: 8 }),
      'samples 8 frames for a model of 2',
    ],
    [
      'its depth is a lie',
      (m) => Object.assign(m.architecture!, { depth: 1_000_000 }),
      /groups of 2 blocks|1000000 blocks/,
    ],
    ['its interpreter heads do not divide', (m) => Object.assign(m.selection!, { heads: 5 }), '5 interpreter heads'],
    [
      'its groups have a gap',
      (m) => Object.assign(m.selection!, { groups: [{ firstBlock: 1, blocks: 1 }] }),
      'begins at block 1',
    ],
    ['its classes are not its labels', (m) => Object.assign(m.architecture!, { classes: 6 }), '5 labels for 6 classes'],
    ['its size is a lie', (m) => Object.assign(m.weights!, { bytes: 5 }), 'its manifest says 5'],
    [
      'it has an interpreter that it does not mention',
      (m) => Object.assign(m, { selection: null }),
      '"interpreter.0.qk.weight"',
    ],
    ['it is of another width', (m) => Object.assign(m.architecture!, { mlpDim: 25 }), '[24,12] instead of [25,12]'],
    [
      'it is of another attention',
      (m) => Object.assign(m.architecture!, { attention: 'joint_space_time' }),
      'does not have',
    ],
  ])('%s', async (_, edit, reason) => {
    await change(edit);
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal(reason));
  });

  it('a claimed depth would make its list of parameters long', async () => {
    await change((manifest) => {
      Object.assign(manifest, { selection: null });
      Object.assign(manifest.architecture!, { depth: 1_000_000 });
    });
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('its 1000000 blocks'));
  });

  it('its manifest or its labels are not JSON, or far too large', async () => {
    await writeFile(join(directory, 'labels.json'), '["a",');
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('not JSON'));
    await writeFile(join(directory, 'manifest.json'), ' '.repeat(2 ** 20 + 1));
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('make sense'));
  });

  it('its weights are missing, cut off, or no safetensors', async () => {
    await truncate(join(directory, 'model.safetensors'), 1000);
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('damaged weights'));
    await rm(join(directory, 'model.safetensors'));
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('has no file'));
  });

  it('a parameter is missing, of an unusable type, or unknown', async () => {
    const entries = float32Entries(weightsOf(TINY, SELECTION));
    await setWeights(entries.slice(1));
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('no parameter "cls_token"'));
    await setWeights([
      ...entries.slice(1),
      { name: 'cls_token', dtype: 'BF16', shape: [1, 1, 12], data: () => [new Uint8Array(24)] },
    ]);
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('"cls_token" as BF16'));
    await setWeights([...entries, { name: 'extra', dtype: 'F32', shape: [0], data: () => [] }]);
    await expect(loadBundle(directory)).rejects.toMatchObject(refusal('"extra"'));
  });
});

describe('verifying a bundle', () => {
  it('accepts the weights that it was made with', async () => {
    const progress: number[] = [];
    await verifyBundle(await loadBundle(directory), { onProgress: (done, total) => progress.push(done / total) });
    expect(progress.at(-1)).toBe(1);
  });

  it('notices one changed bit', async () => {
    const path = join(directory, 'model.safetensors');
    const bytes = await readFile(path);
    bytes[bytes.length - 1]! ^= 1;
    await writeFile(path, bytes);
    await expect(verifyBundle(await loadBundle(directory))).rejects.toMatchObject({ code: 'bundle-invalid' });
  });

  it('stops when it is cancelled', async () => {
    const options = { signal: AbortSignal.abort() };
    await expect(verifyBundle(await loadBundle(directory), options)).rejects.toThrow(/abort/i);
  });
});
