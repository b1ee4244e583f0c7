import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { readTensor } from '#native-models/checkpoints/read-tensor.ts';
import { readSafetensors } from '#native-models/checkpoints/safetensors.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { TINY } from '../../../fixtures/weights.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const WIDE = { ...TINY, dim: 192, mlpDim: 768 };
const make = (name: string, seed: number, dtype?: 'F32' | 'F16') =>
  createRandomBundle(join(folder.path, name), WIDE, { seed, selection: null, title: 'Random', dtype });

async function values(bundle: Bundle, name: string): Promise<Float32Array> {
  await using handle = await open(bundle.weightsPath);
  const { tensors } = await readSafetensors(handle);
  return new Float32Array((await readTensor(handle, tensors.get(name)!)).buffer);
}

function moments(numbers: Float32Array) {
  const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
  const deviation = Math.sqrt(numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0) / numbers.length);
  return { mean, deviation, largest: numbers.reduce((most, x) => Math.max(most, Math.abs(x - mean)), 0) };
}

describe('a bundle with random weights', () => {
  it('is the same for the same seed, and another for another', async () => {
    const [first, again, other] = [await make('a', 7), await make('b', 7), await make('c', 8)];
    expect(again.manifest.weights.sha256).toBe(first.manifest.weights.sha256);
    expect(other.manifest.weights.sha256).not.toBe(first.manifest.weights.sha256);
  });

  it('has weights of deviation 0.02, and scales around one', async () => {
    const bundle = await make('d', 1);
    // 590 000 numbers: the mean is known to 0.02/√590000, the deviation to about as much.
    const weights = moments(await values(bundle, 'blocks.0.mlp.fc1.weight'));
    expect(weights.mean).toBeCloseTo(0, 3);
    expect(weights.deviation).toBeCloseTo(0.02, 3);
    expect(weights.largest).toBeLessThan(0.02 * 3.5);
    const scales = moments(await values(bundle, 'blocks.1.temporal_norm1.weight'));
    expect(scales.mean).toBeCloseTo(1, 1);
    expect(scales.deviation).toBeGreaterThan(0.01);
  });

  it('has no two parameters alike', async () => {
    const bundle = await make('e', 1);
    const first = await values(bundle, 'blocks.0.attn.qkv.weight');
    expect(first).not.toEqual(await values(bundle, 'blocks.1.attn.qkv.weight'));
  });

  it('says that it is not trained', async () => {
    expect((await make('f', 1)).manifest.trained).toBe(false);
  });

  it('may have an interpreter that sees motion, which takes a newer format', async () => {
    const groups = [{ firstBlock: 0, blocks: 2 }];
    const random = (name: string, interpreter?: 'motion-aware') =>
      createRandomBundle(join(folder.path, name), TINY, {
        seed: 7,
        selection: { heads: 6, threshold: 0.5, groups, ...(interpreter && { interpreter }) },
        title: 'Random',
      });
    const [still, moving] = [await random('still'), await random('moving', 'motion-aware')];
    expect([still.manifest.formatVersion, moving.manifest.formatVersion]).toEqual([1, 2]);
    expect(moving.manifest.selection).toEqual({ heads: 6, threshold: 0.5, interpreter: 'motion-aware', groups });
    expect([...moving.tensors.keys()]).toEqual([...still.tensors.keys(), 'interpreter.0.motion.weight']);
    expect(moving.tensors.get('interpreter.0.motion.weight')?.shape).toEqual([12, 12]);
    expect(await readFile(join(moving.directory, 'CARD.md'), 'utf8')).toContain(
      'one motion-aware interpreter, 6 heads',
    );
  });

  it('may be of half precision', async () => {
    const bundle = await make('g', 1, 'F16');
    expect(new Set([...bundle.tensors.values()].map(({ dtype }) => dtype))).toEqual(new Set(['float16']));
  });
});
