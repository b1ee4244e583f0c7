import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeitConfig } from '#native-models/bundle/manifest.ts';
import { type ImportOptions, importCheckpoint } from '#native-models/checkpoints/import-checkpoint.ts';
import { writeSafetensors } from '#native-models/checkpoints/write-safetensors.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { expectWeights, float32Entries, TINY, type Weight, weightsOf } from '../../../fixtures/weights.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder[Symbol.asyncDispose]());

const importFrom = (path: string, options: Partial<ImportOptions> = {}) =>
  importCheckpoint(path, { name: 'tiny', directory: join(folder.path, 'models'), heads: 3, ...options });

describe('image models of the hub', () => {
  const VIT: DeitConfig = {
    ...{ kind: 'deit', imageSize: 8, patchSize: 4, dim: 12, depth: 2, heads: 3, mlpDim: 24, classes: 5 },
    layerNormEps: 1e-12,
  };
  const NAMES = ['a', 'b', 'c', 'd', 'e'];

  async function folderOf(files: Readonly<Record<string, object>>, weights: ReadonlyMap<string, Weight>) {
    const path = join(folder.path, 'hub');
    await mkdir(path);
    for (const [name, content] of Object.entries(files)) await writeFile(join(path, name), JSON.stringify(content));
    await writeSafetensors(join(path, 'model.safetensors'), float32Entries(weights));
    return path;
  }

  it('of timm come with their crop and their names', async () => {
    const config = {
      architecture: 'vit_tiny_patch4_8',
      pretrained_cfg: {
        ...{
          mean: [0.5, 0.5, 0.5],
          std: [0.5, 0.5, 0.5],
          crop_pct: 0.9,
          interpolation: 'bicubic',
          crop_mode: 'center',
        },
        label_names: NAMES,
      },
    };
    const path = await folderOf({ 'config.json': config }, weightsOf(VIT));
    const { bundle, format, warnings } = await importFrom(path);
    expect({ format, warnings }).toEqual({ format: 'deit', warnings: [] });
    expect(bundle.manifest).toMatchObject({
      formatVersion: 4,
      architecture: { ...VIT, layerNormEps: 1e-6 },
      preprocessing: {
        ...{ mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
        resize: { mode: 'short-side', filter: 'bicubic', cropFraction: 0.9 },
      },
    });
    expect(bundle.labels).toEqual(NAMES);
    await expectWeights(bundle.weightsPath, VIT);
  });

  it('of transformers have queries, keys and values apart, which become one', async () => {
    const theirs = new Map<string, Weight>();
    for (const [name, weight] of weightsOf(VIT)) {
      const layer = name.replace(/^blocks\.(\d+)\./, 'vit.encoder.layer.$1.');
      const renamed = layer
        .replace('.norm1.', '.layernorm_before.')
        .replace('.norm2.', '.layernorm_after.')
        .replace('.attn.proj.', '.attention.output.dense.')
        .replace('.mlp.fc1.', '.intermediate.dense.')
        .replace('.mlp.fc2.', '.output.dense.')
        .replace(/^cls_token$/, 'vit.embeddings.cls_token')
        .replace(/^pos_embed$/, 'vit.embeddings.position_embeddings')
        .replace(/^patch_embed\.proj\./, 'vit.embeddings.patch_embeddings.projection.')
        .replace(/^norm\./, 'vit.layernorm.')
        .replace(/^head\./, 'classifier.');
      const [rows = 0, ...row] = weight.shape;
      if (!renamed.includes('.attn.qkv.')) theirs.set(renamed, weight);
      else {
        for (const [third, part] of ['query', 'key', 'value'].entries()) {
          const count = weight.values.length / 3;
          const values = weight.values.slice(third * count, (third + 1) * count);
          theirs.set(renamed.replace('.attn.qkv.', `.attention.attention.${part}.`), {
            shape: [rows / 3, ...row],
            values,
          });
        }
      }
    }
    const config = { model_type: 'vit', num_attention_heads: 3, id2label: Object.fromEntries(NAMES.entries()) };
    const processor = { image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5], size: 8, resample: 0 };
    const path = await folderOf({ 'config.json': config, 'preprocessor_config.json': processor }, theirs);
    const { bundle, format, warnings } = await importFrom(path, { heads: undefined });
    expect(format).toBe('hugging-face');
    expect(warnings).toEqual([expect.stringContaining('"nearest"')]);
    expect(bundle.manifest.architecture).toEqual(VIT);
    expect(bundle.manifest.preprocessing.resize).toEqual({ mode: 'squash', filter: 'bicubic', cropFraction: 1 });
    expect(bundle.labels).toEqual(NAMES);
    await expectWeights(bundle.weightsPath, VIT);
  });

  it('are refused when the weights are those of a video model', async () => {
    const config = { model_type: 'vit', num_attention_heads: 3 };
    const path = await folderOf({ 'config.json': config }, weightsOf(TINY));
    await expect(importFrom(path)).rejects.toMatchObject({
      code: 'checkpoint-mismatch',
      message: expect.stringContaining('config.json says an image model'),
    });
  });
});
