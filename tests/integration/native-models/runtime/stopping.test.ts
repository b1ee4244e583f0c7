import { expect, it } from 'vitest';
import { InferenceWorkerStoppedError } from '#contract/errors.ts';
import { type Backend, ONNXRUNTIME } from '#native-models/runtime/backend.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { ChannelWorker } from '#native-models/runtime/inference-worker.ts';
import { threadChannel } from '#native-models/runtime/thread-channel.ts';
import { scaling, vector } from '../../../fixtures/inference/graphs.ts';

const dyingWorker = new URL('../../../fixtures/inference/dying-worker.ts', import.meta.url);

function dyingBackend(): Backend & { starts: number } {
  return {
    ...ONNXRUNTIME,
    starts: 0,
    startWorker() {
      this.starts += 1;
      return new ChannelWorker(threadChannel(dyingWorker));
    },
  };
}

const poison = { x: vector(1), poison: vector(1) };

it('a worker that dies fails every pending run, and the next run finds a new one', async () => {
  const backend = dyingBackend();
  await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto', backend });
  const session = await runtime.open('double', scaling(2));
  const pending = [session.run(poison), session.run({ x: vector(1) }), session.run({ x: vector(2) })];
  for (const run of pending) await expect(run).rejects.toThrow(InferenceWorkerStoppedError);
  await expect(pending[0]).rejects.toMatchObject({ code: 'inference-worker-stopped', detail: 'poisoned' });
  expect((await session.run({ x: vector(4) })).y).toMatchObject({ data: Float32Array.of(8) });
  expect(backend.starts).toBe(2);
});

it('a worker that keeps dying is restarted three times a minute, then no more', async () => {
  const backend = dyingBackend();
  await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto', backend });
  const session = await runtime.open('double', scaling(2));
  for (let death = 0; death < 4; death += 1) {
    await expect(session.run(poison)).rejects.toThrow('stopped unexpectedly');
  }
  await expect(session.run({ x: vector(4) })).rejects.toThrow('keeps stopping');
  expect(backend.starts).toBe(4);
});
