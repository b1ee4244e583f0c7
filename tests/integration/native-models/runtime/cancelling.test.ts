import { execFile } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { heavy, scaling, square, vector } from '../../../fixtures/inference/graphs.ts';

it('an aborted run answers at once, and the next run gets its own result', async () => {
  await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto', threads: 1 });
  const slow = await runtime.open('slow', heavy(512, 60));
  const quick = await runtime.open('quick', scaling(2));
  const abort = new AbortController();
  const begin = performance.now();
  const running = slow.run({ x: square(512) }, abort.signal);
  const queued = slow.run({ x: square(512) }, abort.signal);
  const opening = runtime.open('other', scaling(3), abort.signal);
  const after = quick.run({ x: vector(21) });
  setTimeout(() => abort.abort(new Error('not any more')), 20);
  await expect(running).rejects.toThrow('not any more');
  await expect(queued).rejects.toThrow('not any more');
  await expect(opening).rejects.toThrow('not any more');
  const abortedMs = performance.now() - begin;
  expect((await after).y).toMatchObject({ data: Float32Array.of(42) });
  const nextMs = performance.now() - begin;
  // The run under way cannot be stopped, so whoever comes next waits for it; the aborting caller does not.
  expect(abortedMs).toBeLessThan(nextMs);
});

// Whatever else the computer does may hold up this process, too: then it is tried again.
it('the event loop stays responsive while a model runs', { retry: 3 }, async () => {
  await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto', threads: 1 });
  const session = await runtime.open('slow', heavy(512, 200));
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const begin = performance.now();
  await session.run({ x: square(512) });
  const wallMs = performance.now() - begin;
  delay.disable();
  expect(wallMs).toBeGreaterThan(200);
  expect(delay.percentile(99) / 1e6).toBeLessThan(50);
});

it('a process may exit in the middle of a run, with the code that it wants', async () => {
  const program = fileURLToPath(import.meta.resolve('../../../fixtures/inference/exit-while-running.ts'));
  const code = await new Promise((resolve) => {
    execFile(process.execPath, [program], (error) => resolve(error?.code));
  });
  expect(code).toBe(130);
});
