import { describe, expect, it } from 'vitest';
import { InferenceRuntime, type RuntimeWarning } from '#native-models/runtime/inference-runtime.ts';
import { transformer, transformerFeeds } from '../../../fixtures/inference/graphs.ts';
import { useSoftwareVulkan } from '../../../fixtures/inference/software-vulkan.ts';

describe.skipIf(!useSoftwareVulkan())('WebGPU (skipped without chromium and its software Vulkan driver)', () => {
  it('is not chosen by itself when it is emulated in software, and the reason says so', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'auto', precision: 'auto' });
    expect(runtime.target.device).toBe('cpu');
    const refusal = runtime.refused.find(({ device }) => device === 'webgpu');
    expect(refusal?.reason).toMatch(/times as long as the CPU here; perhaps it is emulated in software\.$/);
  });

  it('computes what the CPU computes, for one length after another', async () => {
    await using gpu = await InferenceRuntime.start({ device: 'webgpu', precision: 'auto' });
    await using cpu = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32' });
    // The driver has no 16-bit floats, and its fused attention is wrong from 32 queries on: both came out in the trial.
    expect(gpu.target).toEqual({ device: 'webgpu', precision: 'fp32', fusedAttention: false });
    const [onGpu, onCpu] = [await gpu.open('transformer', transformer), await cpu.open('transformer', transformer)];
    for (const length of [1, 12, 50]) {
      const feeds = transformerFeeds(2, length);
      const [{ y: actual }, { y: expected }] = [await onGpu.run(feeds), await onCpu.run(feeds)];
      const numbers = [...(expected?.data ?? [])].map(Number);
      expect(numbers).toHaveLength(2 * length * 64);
      const worst = numbers.reduce((max, n, i) => Math.max(max, Math.abs(n - Number(actual?.data[i]))), 0);
      expect(worst).toBeLessThan(1e-4);
    }
  });

  it('is refused in 16 bits, which the driver does not have', async () => {
    const start = InferenceRuntime.start({ device: 'webgpu', precision: 'fp16' });
    await expect(start).rejects.toThrow('WebGPU cannot be used. It has no 16-bit floats.');
  });

  it('hands over to the CPU when it cannot run a graph', async () => {
    const warnings: RuntimeWarning[] = [];
    await using runtime = await InferenceRuntime.start({
      device: 'webgpu',
      precision: 'auto',
      onWarning: (warning) => warnings.push(warning),
    });
    const session = await runtime.open('transformer', transformer);
    // onnxruntime 1.30 cannot take a softmax over nothing on WebGPU.
    const { y } = await session.run(transformerFeeds(0, 5));
    expect(y?.dims).toEqual([0, 5, 64]);
    expect(runtime.target.device).toBe('cpu');
    expect(warnings.map(({ code }) => code)).toEqual(['device-fell-back']);
  });
});
