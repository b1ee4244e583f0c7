import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { verifyBundle } from '#native-models/bundle/verify-bundle.ts';
import { type ImportOptions, importCheckpoint } from '#native-models/checkpoints/import-checkpoint.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const GOLDENS = fileURLToPath(new URL('../../../fixtures/goldens/', import.meta.url));
const ATTENTION = ['divided_space_time', 'joint_space_time', 'space_only'] as const;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

let imports = 0;
function importGolden(file: string, options: Partial<ImportOptions> = {}) {
  return importCheckpoint(join(GOLDENS, file), { name: `import-${imports++}`, directory: folder.path, ...options });
}

/** The tensors of a safetensors file, read without any of the code under test. */
async function plainTensors(path: string): Promise<Map<string, Buffer>> {
  const file = await readFile(path);
  const start = 8 + Number(file.readBigUInt64LE(0));
  const header: Record<string, { data_offsets?: [number, number] }> = JSON.parse(file.toString('utf8', 8, start));
  const tensors = new Map<string, Buffer>();
  for (const [name, { data_offsets: offsets }] of Object.entries(header)) {
    if (offsets) tensors.set(name, file.subarray(start + offsets[0], start + offsets[1]));
  }
  return tensors;
}

/** The table of names of the Hugging Face implementation, from ours to theirs. */
function huggingFaceName(name: string): string {
  const layer = name.replace(/^blocks\.(\d+)\./, 'timesformer.encoder.layer.$1.');
  const renames: [RegExp, string][] = [
    [/\.norm1\./, '.layernorm_before.'],
    [/\.norm2\./, '.layernorm_after.'],
    [/\.attn\.qkv\./, '.attention.attention.qkv.'],
    [/\.attn\.proj\./, '.attention.output.dense.'],
    [/\.temporal_attn\.qkv\./, '.temporal_attention.attention.qkv.'],
    [/\.temporal_attn\.proj\./, '.temporal_attention.output.dense.'],
    [/\.temporal_norm1\./, '.temporal_layernorm.'],
    [/\.temporal_fc\./, '.temporal_dense.'],
    [/\.mlp\.fc1\./, '.intermediate.dense.'],
    [/\.mlp\.fc2\./, '.output.dense.'],
    [/^cls_token$/, 'timesformer.embeddings.cls_token'],
    [/^pos_embed$/, 'timesformer.embeddings.position_embeddings'],
    [/^time_embed$/, 'timesformer.embeddings.time_embeddings'],
    [/^patch_embed\.proj\./, 'timesformer.embeddings.patch_embeddings.projection.'],
    [/^norm\./, 'timesformer.layernorm.'],
    [/^head\./, 'classifier.'],
  ];
  return renames.reduce((text, [from, to]) => text.replace(from, to), layer);
}

async function weightsOf(bundle: Bundle): Promise<Map<string, Buffer>> {
  await verifyBundle(bundle);
  return plainTensors(bundle.weightsPath);
}

describe.each(ATTENTION)('the golden %s', (attention) => {
  const architecture = {
    kind: 'timesformer',
    attention,
    numFrames: 4,
    imageSize: 32,
    patchSize: 8,
    dim: 48,
    depth: 2,
    heads: 3,
    mlpDim: 192,
    classes: 7,
    layerNormEps: 1e-6,
  };

  it('imports from a Hugging Face folder, bit by bit', async () => {
    const { bundle, format, warnings } = await importGolden(`${attention}-hf`);
    expect(format).toBe('hugging-face');
    expect(warnings).toEqual([]);
    expect(bundle.manifest.architecture).toEqual(architecture);
    expect(bundle.manifest.preprocessing).toEqual({ mean: [0.45, 0.45, 0.45], std: [0.225, 0.225, 0.225] });
    expect(bundle.manifest.selection).toBeNull();
    expect(bundle.labels).toEqual(Array.from({ length: 7 }, (_, i) => `class ${i}`));
    const published = await plainTensors(join(GOLDENS, `${attention}-hf`, 'model.safetensors'));
    const imported = await weightsOf(bundle);
    expect(imported.size).toBe(published.size);
    for (const [name, bytes] of imported) {
      expect(published.get(huggingFaceName(name)), huggingFaceName(name)).toEqual(bytes);
    }
  });

  it('imports from the original checkpoint as the very same file', async () => {
    const original = await importGolden(`${attention}.pyth`, { heads: 3, numFrames: 4 });
    const huggingFace = await importGolden(`${attention}-hf`);
    expect(original.format).toBe('timesformer');
    expect(original.bundle.manifest.architecture).toEqual(architecture);
    expect(original.bundle.manifest.weights).toEqual(huggingFace.bundle.manifest.weights);
  });
});

describe('the golden DeiT of the released tool', () => {
  it('imports with three interpreters, cut to queries and keys', async () => {
    const { bundle, format, ignored, parameters } = await importGolden('deit-ia-red2.pth', { heads: 3 });
    expect(format).toBe('ia-red2');
    expect(bundle.manifest.architecture).toMatchObject({
      kind: 'deit',
      imageSize: 64,
      patchSize: 8,
      dim: 48,
      depth: 6,
      classes: 7,
    });
    expect(bundle.manifest.sampling).toBeNull();
    expect(bundle.manifest.selection).toEqual({
      heads: 6,
      threshold: 0.5,
      groups: [0, 2, 4].map((firstBlock) => ({ firstBlock, blocks: 2 })),
    });
    expect(ignored).toHaveLength(6 * 12);
    expect(bundle.manifest).toMatchObject({
      formatVersion: 4,
      preprocessing: { resize: { mode: 'short-side', filter: 'bicubic', cropFraction: 0.875 } },
    });
    const card = await readFile(join(bundle.directory, 'CARD.md'), 'utf8');
    expect(card).toContain('short side to 73, bicubic, middle 64×64');
    expect(card).toContain('3 interpreters, 6 heads, threshold 0.5');

    const weights = await weightsOf(bundle);
    expect(weights.get('interpreter.2.qk.weight')).toHaveLength(2 * 48 * 48 * 4);
    expect(weights.get('interpreter.2.qk.bias')).toHaveLength(2 * 48 * 4);
    expect([...weights.values()].reduce((sum, bytes) => sum + bytes.length / 4, 0)).toBe(parameters);
    const file = await readFile(join(GOLDENS, 'deit-ia-red2.pth'));
    for (const [name, bytes] of weights) expect(file.includes(bytes), name).toBe(true);
  });
});

describe('what shapes do not say', () => {
  it('is asked for', async () => {
    await expect(importGolden('joint_space_time.pyth')).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
      hint: expect.stringContaining('--heads'),
    });
  });
});
