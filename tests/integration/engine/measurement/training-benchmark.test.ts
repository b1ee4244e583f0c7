import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { trainingGmacs } from '#engine/measurement/measure-training.ts';
import { tinyModel } from '#engine/measurement/tiny-model.ts';
import { runTrainingBenchmark } from '#engine/measurement/training-benchmark.ts';
import { viewCost } from '#native-models/architectures/timesformer/cost.ts';

const leftovers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('patchlight-bench-'));

const architecture = (attention: Parameters<typeof tinyModel>[0]) => ({
  ...tinyModel(attention),
  ...{ imageSize: 32, dim: 24, depth: 1, heads: 2, mlpDim: 48 },
});
const options = { device: 'cpu', attentions: ['joint_space_time'], batch: 4, architecture } as const;

test('a step has three products for each of the forward pass, and two for those of pixels', () => {
  // One linear layer on pixels, one block and the head, counted by hand: 8 tokens of 2×2 patches in 2 frames.
  const [dim, tokens, classes] = [6, 8, 3];
  const config = {
    ...architecture('joint_space_time'),
    ...{ numFrames: 2, imageSize: 8, patchSize: 4, dim, depth: 1, heads: 1, mlpDim: 12, classes },
  };
  const stem = tokens * 3 * 16 * dim;
  const rows = 1 + tokens;
  const trunk = rows * 4 * dim * dim + 2 * rows * rows * dim + rows * 2 * dim * 12 + dim * classes;
  expect(1e9 * trainingGmacs(viewCost(config, null, false))).toBeCloseTo(2 * stem + 3 * trunk, 3);
});

describe('the training benchmark', () => {
  test('measures steps on one runtime and on one for each thread, beside inference, and cleans up', async () => {
    const before = await leftovers();
    const { steps, device } = await runTrainingBenchmark({ ...options, threads: 2, rounds: 1 });
    expect(steps.map(({ attention, replicas, batch }) => [attention, replicas, batch])).toEqual([
      ['joint_space_time', 1, 4],
      ['joint_space_time', 2, 4],
    ]);
    const cost = viewCost(architecture('joint_space_time'), null, false);
    for (const { stepMs, stepGflops, viewMs, inferenceGflops, ratio } of steps) {
      expect((stepGflops * stepMs) / 1000).toBeCloseTo(4 * 2 * trainingGmacs(cost), 6);
      expect((inferenceGflops * viewMs) / 1000).toBeCloseTo(2 * cost.total, 6);
      expect(ratio).toBeCloseTo(stepGflops / inferenceGflops, 6);
    }
    expect(device).toEqual({ used: 'cpu', precision: 'fp32', threads: 2 });
    expect(await leftovers()).toEqual(before);
  });

  test('is cancelled, and cleans up', async () => {
    const before = await leftovers();
    const abort = new AbortController();
    const onStep = () => abort.abort(new Error('enough'));
    const running = runTrainingBenchmark({ ...options, threads: 1, rounds: 3, signal: abort.signal, onStep });
    await expect(running).rejects.toThrow('enough');
    expect(await leftovers()).toEqual(before);
  });
});
