import { describe, expect, it } from 'vitest';
import { FeedsError, OutOfMemoryError } from '#contract/errors.ts';
import { InferenceRuntime, type RuntimeWarning } from '#native-models/runtime/inference-runtime.ts';
import type { Target } from '#native-models/runtime/target.ts';
import { floats, outerProduct, scaling } from '../../../fixtures/inference/graphs.ts';
import { pretendedCuda } from '../../../fixtures/inference/pretended-device.ts';

describe('a device that fails while it is used', () => {
  it('is replaced by the CPU, with one warning, and every run gives its result', async () => {
    const backend = pretendedCuda((run) => (run >= 3 ? 'CUDA failure 700: an illegal memory access' : undefined));
    const warnings: RuntimeWarning[] = [];
    await using runtime = await InferenceRuntime.start({
      device: 'auto',
      precision: 'auto',
      backend,
      onWarning: (warning) => warnings.push(warning),
    });
    expect(runtime.target).toMatchObject({ device: 'cuda', precision: 'fp16' });
    const session = await runtime.open('double', scaling(2));
    const runs = [1, 2, 3, 4, 5].map((n) => session.run((target) => ({ x: floats(target, [1], [n]) })));
    const results = await Promise.all(runs);
    expect(results.map(({ y }) => Number(y?.data[0]))).toEqual([2, 4, 6, 8, 10]);
    // The graph was built anew for the CPU, in 32 bits, and so were the feeds.
    expect(results.map(({ y }) => y?.dtype)).toEqual(['float16', 'float16', 'float32', 'float32', 'float32']);
    expect(backend.worker.opened).toEqual(['cuda', 'cpu']);
    expect(runtime.target).toEqual({ device: 'cpu', precision: 'fp32', fusedAttention: true });
    expect(runtime.requested.device).toBe('auto');
    expect(warnings).toEqual([
      {
        code: 'device-fell-back',
        message: expect.stringContaining('CUDA failure 700: an illegal memory access'),
      },
    ]);
  });

  it('is replaced when its memory runs out, and the warning says so', async () => {
    const warnings: RuntimeWarning[] = [];
    await using runtime = await InferenceRuntime.start({
      device: 'cuda',
      precision: 'fp32',
      backend: pretendedCuda(() => 'CUDA failure 2: out of memory'),
      onWarning: (warning) => warnings.push(warning),
    });
    const session = await runtime.open('double', scaling(2));
    const { y } = await session.run((target) => ({ x: floats(target, [1], [4]) }));
    expect(y?.data[0]).toBe(8);
    expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('ran out of memory')]);
  });

  it('stays when its memory runs out for something that nothing else depends on', async () => {
    const warnings: RuntimeWarning[] = [];
    await using runtime = await InferenceRuntime.start({
      device: 'cuda',
      precision: 'fp32',
      backend: pretendedCuda((run) => (run === 1 ? 'CUDA failure 2: out of memory' : undefined)),
      onWarning: (warning) => warnings.push(warning),
    });
    const extra = await runtime.open('extra', scaling(3), undefined, 'fail');
    const needed = await runtime.open('double', scaling(2));
    const feeds = (target: Target) => ({ x: floats(target, [1], [4]) });
    await expect(extra.run(feeds)).rejects.toThrow(OutOfMemoryError);
    expect((await needed.run(feeds)).y?.data[0]).toBe(8);
    expect((await extra.run(feeds)).y?.data[0]).toBe(12);
    expect(runtime.target.device).toBe('cuda');
    expect(warnings).toEqual([]);
  });

  it('is not blamed for the mistakes of its caller', async () => {
    await using runtime = await InferenceRuntime.start({
      device: 'cuda',
      precision: 'fp32',
      backend: pretendedCuda(() => undefined),
    });
    const session = await runtime.open('double', scaling(2));
    await expect(session.run({})).rejects.toThrow(FeedsError);
    expect(runtime.target.device).toBe('cuda');
  });
});

it('the CPU running out of memory is called by its name', async () => {
  await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32' });
  // Ten million by ten million numbers are 400 TB.
  const session = await runtime.open('outer', outerProduct);
  const n = 10_000_000;
  const x = { dtype: 'float32', dims: [n, 1], data: new Float32Array(n) } as const;
  const run = session.run({ x });
  await expect(run).rejects.toThrow(OutOfMemoryError);
  expect((await session.run({ x: { ...x, dims: [1, 1], data: Float32Array.of(3) } })).y?.data[0]).toBe(9);
});
