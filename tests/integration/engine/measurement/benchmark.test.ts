import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, test } from 'vitest';
import { baseModel } from '#engine/measurement/base-model.ts';
import { runBenchmark } from '#engine/measurement/benchmark.ts';
import type { ViewTiming } from '#engine/measurement/measure-model.ts';
import { median } from '#engine/measurement/statistics.ts';

test.each([
  [[3, 1, 2], 2],
  [[4, 1, 3, 2], 2.5],
  [[7], 7],
])('the median of %j is %d', (values, middle) => expect(median(values)).toBe(middle));

const leftovers = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('patchlight-bench-'));

const options = {
  device: 'cpu',
  precision: 'fp32',
  attentions: ['joint_space_time', 'divided_space_time'],
  keeps: [0.5],
  rounds: 2,
  architecture: (attention: Parameters<typeof baseModel>[0]) => ({
    ...baseModel(attention),
    ...{ imageSize: 64, dim: 48, depth: 2, heads: 4, mlpDim: 192, classes: 10 },
  }),
} as const;

describe('the benchmark', () => {
  test('measures every row, decoding and the pipeline, and cleans up', async () => {
    const before = await leftovers();
    const video = { width: 320, height: 240, seconds: 20, framesPerSecond: 30 };
    const { views, decoding, pipeline, device } = await runBenchmark({ ...options, video });
    expect(views.map(({ attention, keep }) => [attention, keep])).toEqual([
      ['joint_space_time', 1],
      ['joint_space_time', 0.5],
      ['divided_space_time', 1],
      ['divided_space_time', 0.5],
    ]);
    for (const view of views) {
      expect(view.trunkMs).toBeGreaterThan(0);
      expect(view.gmacsPerSecond).toBeCloseTo((1000 * view.gmacs) / view.viewMs, 6);
      if (view.keep === 1) expect(view).toMatchObject({ speedUp: 1, interpreterMs: 0 });
    }
    expect(views[1]!.gmacs).toBeLessThan(0.7 * views[0]!.gmacs);
    expect(device).toMatchObject({ used: 'cpu', precision: 'fp32' });
    // 20 s are two clips and a third of one, which is too little for a third.
    expect(decoding).toMatchObject({ clips: 2 });
    expect(pipeline).toMatchObject({ views: 6, decodeMs: decoding!.decodeMs });
    expect(pipeline!.wallMs).toBeGreaterThan(pipeline!.inferenceMs);
    expect(await leftovers()).toEqual(before);
  });

  test('tells after each round but the last what is known so far', async () => {
    const told: (readonly ViewTiming[])[] = [];
    const attentions = ['joint_space_time'] as const;
    const onViews = (views: readonly ViewTiming[]) => void told.push(views);
    const { views } = await runBenchmark({ ...options, attentions, rounds: 3, video: null, onViews });
    expect(told).toHaveLength(2);
    for (const soFar of told) {
      expect(soFar.map(({ keep, gmacs }) => [keep, gmacs])).toEqual(views.map(({ keep, gmacs }) => [keep, gmacs]));
      expect(soFar.every(({ viewMs }) => viewMs > 0)).toBe(true);
    }
  });

  test('is cancelled, and cleans up', async () => {
    const before = await leftovers();
    const abort = new AbortController();
    const onStep = (step: string) => step.endsWith('views') && abort.abort(new Error('enough'));
    const running = runBenchmark({ ...options, video: null, signal: abort.signal, onStep });
    await expect(running).rejects.toThrow('enough');
    expect(await leftovers()).toEqual(before);
  });
});
