import { describe, expect, it } from 'vitest';
import { DeviceUnavailableError } from '#contract/errors.ts';
import type { Backend } from '#native-models/runtime/backend.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { ChannelWorker } from '#native-models/runtime/inference-worker.ts';
import { processChannel } from '#native-models/runtime/process-channel.ts';
import { PretendedCuda, pretendedCuda } from '../../../fixtures/inference/pretended-device.ts';

/** The real backend, but its trials take place in `program`. */
function tryingIn(program: string): Backend {
  const url = new URL(`../../../fixtures/inference/${program}`, import.meta.url);
  return {
    startWorker: () => new PretendedCuda(() => undefined),
    startTrial: () => new ChannelWorker(processChannel(url)),
  };
}

describe('choosing a device by itself', () => {
  it('takes one that works, or the CPU, and keeps a sentence for each that it refused', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'auto', precision: 'auto' });
    for (const { device, reason } of runtime.refused) {
      expect(device).not.toBe(runtime.target.device);
      expect(reason).toMatch(/^[A-Zo].*[.…]$/);
      expect(reason.length).toBeLessThanOrEqual(200);
    }
    if (runtime.target.device === 'cpu') expect(runtime.target.precision).toBe('fp32');
  });

  it('prefers a device that computes right and fast, in 16 bits when these are right, too', async () => {
    const backend = pretendedCuda(() => undefined);
    await using runtime = await InferenceRuntime.start({ device: 'auto', precision: 'auto', backend });
    expect(runtime.target).toEqual({ device: 'cuda', precision: 'fp16', fusedAttention: true });
    expect(runtime.refused).toEqual([]);
  });

  it('is not held up by a driver that hangs', async () => {
    await using runtime = await InferenceRuntime.start({
      device: 'auto',
      precision: 'auto',
      backend: tryingIn('hanging-process.ts'),
      trialPatienceMs: 1_000,
    });
    expect(runtime.target.device).toBe('cpu');
    expect(runtime.refused).toEqual([{ device: 'cuda', reason: 'It gave no answer within 1 s.' }]);
  });

  it('survives a driver that crashes', async () => {
    await using runtime = await InferenceRuntime.start({
      device: 'auto',
      precision: 'auto',
      backend: tryingIn('crashing-process.ts'),
    });
    expect(runtime.target.device).toBe('cpu');
    expect(runtime.refused).toEqual([{ device: 'cuda', reason: expect.stringContaining('crashed') }]);
  });
});

describe('a device asked for by name', () => {
  it('is refused with the reason when this platform has none of its kind', async () => {
    const foreign = process.platform === 'darwin' ? 'dml' : 'coreml';
    const start = InferenceRuntime.start({ device: foreign, precision: 'auto' });
    await expect(start).rejects.toThrow(DeviceUnavailableError);
    await expect(start).rejects.toMatchObject({
      message: expect.stringContaining('cannot be used'),
      hint: expect.any(String),
    });
  });

  it('is refused with the reason when its driver crashes', async () => {
    const backend = tryingIn('crashing-process.ts');
    const start = InferenceRuntime.start({ device: 'cuda', precision: 'auto', backend });
    await expect(start).rejects.toThrow('CUDA cannot be used. It crashed while it was tried.');
  });

  it('is the CPU in either precision', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp16' });
    expect(runtime.target).toEqual({ device: 'cpu', precision: 'fp16', fusedAttention: true });
  });
});
