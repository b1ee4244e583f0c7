import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PatchlightError } from '#contract/errors.ts';
import type { Architecture, DeitConfig } from '#native-models/bundle/manifest.ts';
import { type ImportOptions, importCheckpoint } from '#native-models/checkpoints/import-checkpoint.ts';
import { writeSafetensors } from '#native-models/checkpoints/write-safetensors.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { OP, type Py, PyNamespace, PyRaw, PyTensor } from '../../../fixtures/torch/pickle-writer.ts';
import { storageOf, tensor, torchFile } from '../../../fixtures/torch/torch-file.ts';
import { expectWeights, float32Entries, TINY, type Weight, weightsOf } from '../../../fixtures/weights.ts';

const GOLDEN_HF = fileURLToPath(new URL('../../../fixtures/goldens/divided_space_time-hf/', import.meta.url));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let source: string;
/** Folder of bundles, empty before each test. */
let models: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  source = join(folder.path, 'checkpoint.pyth');
  models = join(folder.path, 'models');
});
afterEach(() => folder[Symbol.asyncDispose]());

const importFrom = (path: string, options: Partial<ImportOptions> = {}) =>
  importCheckpoint(path, { name: 'tiny', directory: models, heads: 3, ...options });

async function importTorch(value: Py, options: Partial<ImportOptions> = {}) {
  await writeFile(source, torchFile(value));
  return importFrom(source, options);
}

type Encode = (weight: Weight) => PyTensor;
const asFloat32: Encode = ({ shape, values }) => tensor(values, shape);
const dict = (architecture: Architecture, encode = asFloat32, prefix = ''): Map<string, Py> =>
  new Map([...weightsOf(architecture)].map(([name, weight]) => [prefix + name, encode(weight)]));

describe('weights of a torch checkpoint arrive unchanged', () => {
  it.each<[string, () => Py]>([
    ['bare', () => dict(TINY)],
    [
      'under model_state with a prefix',
      () => ({ model_state: dict(TINY, asFloat32, 'model.'), epoch: 3, cfg: 'yaml' }),
    ],
    [
      'under model, with settings beside',
      () => ({ model: dict(TINY, asFloat32, 'module.'), args: new PyNamespace({ lr: 1 }) }),
    ],
    ['under state_dict with two prefixes', () => ({ state_dict: dict(TINY, asFloat32, 'module.model.') })],
    [
      'as parameters',
      () =>
        dict(TINY, ({ shape, values }) => {
          return new PyTensor(storageOf('FloatStorage', new Float32Array(values)), shape, undefined, 0, true);
        }),
    ],
    [
      'stored as float64',
      () =>
        dict(TINY, ({ shape, values }) => new PyTensor(storageOf('DoubleStorage', new Float64Array(values)), shape)),
    ],
    [
      'stored as bfloat16',
      () =>
        dict(TINY, ({ shape, values }) => {
          const halves = Uint16Array.from(new Uint32Array(new Float32Array(values).buffer), (bits) => bits >>> 16);
          return new PyTensor(storageOf('BFloat16Storage', halves), shape);
        }),
    ],
    [
      'stored transposed',
      () =>
        dict(TINY, ({ shape, values }) => {
          const [rows = 1, columns = 1] = shape;
          if (shape.length !== 2) return tensor(values, shape);
          const turned = Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
          return new PyTensor(storageOf('FloatStorage', new Float32Array(turned)), shape, [1, rows]);
        }),
    ],
  ])('%s', async (_, value) => {
    const { bundle, format, warnings } = await importTorch(value());
    expect(format).toBe('timesformer');
    expect(warnings).toEqual([]);
    expect(bundle.manifest.architecture).toEqual(TINY);
    expect(new Set([...bundle.tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['float32']));
    await expectWeights(bundle.weightsPath, TINY);
  });

  it('all in one storage', async () => {
    const weights = weightsOf(TINY);
    const storage = storageOf('FloatStorage', new Float32Array([...weights.values()].flatMap(({ values }) => values)));
    let offset = 0;
    const views = new Map<string, Py>();
    for (const [name, { shape, values }] of weights) {
      views.set(name, new PyTensor(storage, shape, undefined, offset));
      offset += values.length;
    }
    const { bundle } = await importTorch(views);
    await expectWeights(bundle.weightsPath, TINY);
  });

  it('as float16, which stays float16', async () => {
    const halves = dict(TINY, ({ shape, values }) => {
      return new PyTensor(storageOf('HalfStorage', new Uint16Array(new Float16Array(values).buffer)), shape);
    });
    const { bundle } = await importTorch(halves);
    expect(new Set([...bundle.tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['float16']));
    await expectWeights(bundle.weightsPath, TINY);
  });

  it('from a safetensors file, with a single interpreter of three times the width', async () => {
    const path = join(folder.path, 'model.safetensors');
    const count = (name: string, shape: number[]) => {
      const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
      return { name, dtype: 'F32' as const, shape, data: () => [new Uint8Array(values.buffer)] };
    };
    const interpreter = [count('interpreter.qk.weight', [36, 12]), count('interpreter.qk.bias', [36])];
    await writeSafetensors(path, [...interpreter, ...float32Entries(weightsOf(TINY))]);
    const { bundle } = await importFrom(path);
    expect(bundle.manifest.selection).toEqual({ heads: 6, threshold: 0.5, groups: [{ firstBlock: 0, blocks: 2 }] });
    const { byteOffset, byteLength, shape } = bundle.tensors.get('interpreter.0.qk.weight')!;
    expect(shape).toEqual([24, 12]);
    const bytes = (await readFile(bundle.weightsPath)).subarray(byteOffset, byteOffset + byteLength);
    expect([...new Float32Array(new Uint8Array(bytes).buffer)]).toEqual(Array.from({ length: 24 * 12 }, (_, i) => i));
    await expectWeights(bundle.weightsPath, TINY);
  });

  it('from the pytorch_model.bin of a Hugging Face folder', async () => {
    const hf = join(folder.path, 'hf');
    await mkdir(hf);
    const config = { model_type: 'timesformer', attention_type: TINY.attention, num_attention_heads: 3, num_frames: 2 };
    await writeFile(join(hf, 'config.json'), JSON.stringify(config));
    await writeFile(join(hf, 'README.md'), '---\nlicense: cc-by-nc-4.0\ntags:\n- vision\n---\n# Model');
    await writeFile(join(hf, 'pytorch_model.bin'), torchFile(dict(TINY)));
    const { bundle } = await importFrom(hf, { heads: undefined });
    expect(bundle.manifest.licence).toEqual({ name: 'cc-by-nc-4.0', source: 'hf' });
    await expectWeights(bundle.weightsPath, TINY);
  });
});

describe('what the manifest says', () => {
  const DEIT: DeitConfig = {
    kind: 'deit',
    imageSize: 8,
    patchSize: 4,
    dim: 12,
    depth: 2,
    heads: 3,
    mlpDim: 24,
    classes: 5,
    layerNormEps: 1e-6,
  };

  it.each([
    [8, 32],
    [16, 16],
    [96, 4],
  ])('%i frames are sampled at the published rate of %i', async (numFrames, samplingRate) => {
    const { bundle } = await importTorch({ model_state: dict({ ...TINY, numFrames }) });
    expect(bundle.manifest.sampling).toEqual({ numFrames, samplingRate });
  });

  it('wishes come first', async () => {
    const licence = { name: 'CC-BY-NC-4.0', source: 'https://example.org' };
    const labels = ['a', 'b', 'c', 'd', 'e'];
    const { bundle } = await importTorch(dict(TINY), { samplingRate: 7, labels, licence });
    expect(bundle.manifest.sampling).toEqual({ numFrames: 2, samplingRate: 7 });
    expect(bundle.manifest.licence).toEqual(licence);
    expect(bundle.labels).toEqual(labels);
  });

  it.each<[Architecture, string, string]>([
    [{ ...TINY, classes: 400 }, 'abseiling', 'zumba'],
    [{ ...DEIT, classes: 1000 }, 'tench, Tinca tinca', 'toilet tissue, toilet paper, bathroom tissue'],
    [{ ...TINY, classes: 1000 }, 'class 0', 'class 999'],
  ])('classes have the names of the data set', async (architecture, first, last) => {
    const container = architecture.kind === 'deit' ? 'model' : 'model_state';
    const { bundle } = await importTorch({ [container]: dict(architecture) });
    expect([bundle.labels[0], bundle.labels.at(-1)]).toEqual([first, last]);
  });

  it('a DeiT gets the statistics of ImageNet, and no licence is made up', async () => {
    const { bundle, format } = await importTorch({ model: dict(DEIT) });
    expect(format).toBe('deit');
    expect(bundle.manifest).toMatchObject({
      preprocessing: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
      sampling: null,
      licence: { name: 'unknown, see source', source: 'checkpoint.pyth' },
    });
  });
});

describe('an import warns', () => {
  it('of numbers that are none, and keeps them', async () => {
    const weights = dict(TINY).set(
      'norm.bias',
      tensor([Number.NaN, Number.POSITIVE_INFINITY, ...new Array(10).fill(0)]),
    );
    const { bundle, warnings } = await importTorch(weights);
    expect(warnings).toEqual(['2 numbers of norm.bias are infinite or not numbers.']);
    expect(bundle.tensors.size).toBe(weights.size);
  });
});

describe('nothing is left of an import', () => {
  it.each<[string, () => Py, string]>([
    [
      'that would run code',
      () => new Map<string, Py>([...dict(TINY), ['x', new PyRaw(OP.global('os', 'system'))]]),
      'checkpoint-forbidden-global',
    ],
    ['of another model', () => ({ 'fc.weight': tensor([1, 2]) }), 'checkpoint-mismatch'],
    ['with a weight too many', () => dict(TINY).set('dist_token', tensor([1])), 'checkpoint-mismatch'],
    [
      'that would make a small file large',
      () => {
        const shared = storageOf('FloatStorage', new Float32Array(768 * 768 * 4));
        const deep = { ...TINY, dim: 768, mlpDim: 3072, depth: 12 };
        return dict(deep, ({ shape }) => new PyTensor(shared, shape));
      },
      'checkpoint-invalid',
    ],
  ])('%s', async (_, value, code) => {
    await expect(importTorch(value())).rejects.toMatchObject({ code });
    expect(await readdir(models).catch(() => [])).toEqual([]);
  });

  it('that would run code, and it is said in which file and what', async () => {
    await expect(importTorch({ model: dict(TINY), hook: new PyRaw(OP.global('os', 'system')) })).rejects.toMatchObject({
      message: expect.stringMatching(/^checkpoint\.pyth: .* refers to os\.system,/),
    });
  });

  it('of a file in which a few bytes are wrong, whichever they are', async () => {
    const valid = torchFile({ model_state: dict(TINY) });
    // The pickle is at the beginning, where a change does most.
    const place = fc.oneof(fc.nat(valid.length - 1), fc.nat(8_000));
    const edits = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const bytes = Buffer.from(valid);
        for (const [at, byte] of changes) bytes[at] = byte;
        await writeFile(source, bytes);
        const start = performance.now();
        await importFrom(source).then(
          ({ bundle }) => rm(bundle.directory, { recursive: true }),
          (error) => expect(error).toBeInstanceOf(PatchlightError),
        );
        expect(performance.now() - start).toBeLessThan(2_000);
        expect(await readdir(models).catch(() => [])).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });

  it('that was cancelled', async () => {
    const abort = new AbortController();
    const attempt = importTorch(dict(TINY), { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(attempt).rejects.toThrow(/abort/);
    expect(await readdir(models)).toEqual([]);
  });

  it('under a name that leads elsewhere', async () => {
    for (const name of ['../evil', '/evil', '..', 'a/b', '']) {
      await expect(importTorch(dict(TINY), { name })).rejects.toMatchObject({ code: 'bundle-invalid' });
    }
    expect((await readdir(folder.path)).toSorted()).toEqual(['checkpoint.pyth']);
  });

  it('over a model that is there', async () => {
    await importTorch(dict(TINY));
    await expect(importTorch(dict(TINY))).rejects.toMatchObject({ code: 'bundle-exists' });
    expect(await readdir(models)).toEqual(['tiny']);
  });
});

describe('a Hugging Face folder is refused when', () => {
  async function withConfig(change: Record<string, unknown>): Promise<string> {
    const hf = join(folder.path, 'hf');
    await mkdir(hf);
    await copyFile(join(GOLDEN_HF, 'model.safetensors'), join(hf, 'model.safetensors'));
    const config = JSON.parse(await readFile(join(GOLDEN_HF, 'config.json'), 'utf8'));
    await writeFile(join(hf, 'config.json'), JSON.stringify({ ...config, ...change }));
    return hf;
  }

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['it holds another kind of model', { model_type: 'videomae' }, /does not describe a TimeSformer/],
    ['its activation is another', { hidden_act: 'relu' }, /hidden_act/],
    [
      'its attention is not that of the weights',
      { attention_type: 'joint_space_time' },
      /config\.json says joint_space_time/,
    ],
    ['its frames are not those of the weights', { num_frames: 8 }, /for 4 frames/],
    ['its labels are too few', { id2label: { 0: 'a', 1: 'b' } }, /2 labels for 7 classes/],
  ])('%s', async (_, change, reason) => {
    await expect(importFrom(await withConfig(change), { heads: undefined })).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringMatching(reason),
    });
  });

  it('it has no configuration or no weights', async () => {
    await expect(importFrom(folder.path)).rejects.toMatchObject({ code: 'file-not-found' });
    await writeFile(join(folder.path, 'config.json'), '{"model_type":"timesformer","num_attention_heads":3}');
    await expect(importFrom(folder.path)).rejects.toMatchObject({
      code: 'file-not-found',
      message: expect.stringContaining('weights'),
    });
  });
});
