import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FeedsError, FileNotFoundError, InferenceFailedError } from '#contract/errors.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { floats, layerFromFile, scaling, vector } from '../../../fixtures/inference/graphs.ts';

let folder: string;
let weights: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patchlight-running-'));
  weights = join(folder, 'weights.bin');
  // W = [[1, 2], [3, 4], [5, 6]], b = [10, 20, 30], behind three bytes of something else.
  const numbers = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6, 10, 20, 30).buffer);
  await writeFile(weights, Uint8Array.of(7, 7, 7, ...numbers));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

describe.each(['fp32', 'fp16'] as const)('on the CPU in %s', (precision) => {
  it('a graph with weights in a file gives what its formula says', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'cpu', precision });
    expect(runtime.target).toEqual({ device: 'cpu', precision, fusedAttention: true });
    const session = await runtime.open('layer', layerFromFile(weights));
    const { y } = await session.run((target) => ({ x: floats(target, [2, 2], [1, 0, 1, 1]) }));
    expect(y?.dtype).toBe(precision === 'fp16' ? 'float16' : 'float32');
    expect(y?.dims).toEqual([2, 3]);
    expect([...(y?.data ?? [])]).toEqual([11, 23, 35, 13, 27, 41]);
  });
});

describe('a runtime', () => {
  it('leaves the feeds as they are, and takes views of larger buffers', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto' });
    const session = await runtime.open('double', scaling(2));
    const numbers = Float32Array.of(1, 2, 3, 4, 5);
    const x = { dtype: 'float32', dims: [2], data: numbers.subarray(1, 3) } as const;
    const first = await session.run({ x });
    const second = await session.run({ x });
    expect([...(first.y?.data ?? [])]).toEqual([4, 6]);
    expect([...(second.y?.data ?? [])]).toEqual([4, 6]);
    expect([...numbers]).toEqual([1, 2, 3, 4, 5]);
  });

  it('takes float16 as Float16Array and as its bits', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp16' });
    const session = await runtime.open('double', scaling(2));
    const data = Float16Array.of(1, -0.5);
    for (const same of [data, new Uint16Array(data.buffer)]) {
      const { y } = await session.run({ x: { dtype: 'float16', dims: [2], data: same } });
      expect([...(y?.data ?? [])]).toEqual([2, -1]);
    }
  });

  it('takes tensors without elements', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto' });
    const session = await runtime.open('double', scaling(2));
    expect((await session.run({ x: vector() })).y).toMatchObject({ dims: [0] });
  });

  it('opens sessions of one name once, even when asked at the same time', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto' });
    let built = 0;
    const build = () => {
      built += 1;
      return scaling(2)(runtime.target);
    };
    const [a, b] = await Promise.all([runtime.open('double', build), runtime.open('double', build)]);
    a.close();
    expect((await b.run({ x: vector(4) })).y).toMatchObject({ data: Float32Array.of(8) });
    await runtime.open('double', build);
    expect(built).toBe(1);
    await expect(a.run({ x: vector(4) })).rejects.toThrow('closed');
  });

  it('holds no more sessions than it may, and loads a model again when it is needed again', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto', sessions: 2 });
    const built: number[] = [];
    const open = (factor: number) =>
      runtime.open(`times ${factor}`, (target) => {
        built.push(factor);
        return scaling(factor)(target);
      });
    const [two, three] = [await open(2), await open(3)];
    await two.run({ x: vector(1) });
    await open(4);
    expect((await two.run({ x: vector(1) })).y).toMatchObject({ data: Float32Array.of(2) });
    expect(built).toEqual([2, 3, 4]);
    expect((await three.run({ x: vector(1) })).y).toMatchObject({ data: Float32Array.of(3) });
    expect(built).toEqual([2, 3, 4, 3]);
  });

  it('says which feed is wrong, and goes on', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto' });
    const session = await runtime.open('double', scaling(2));
    const wrong = [
      [{}, 'Input "x" is missing.'],
      [{ x: { ...vector(1), dims: [1, 1] } }, 'Input "x" must be float32 [n], not float32 [1, 1].'],
      [{ x: { dtype: 'int64', dims: [1], data: BigInt64Array.of(1n) } }, 'must be float32 [n], not int64 [1].'],
      [{ x: { ...vector(1, 2), dims: [3] } }, 'Input "x"'],
      [{ x: vector(1), z: vector(1) }, 'There is no input "z".'],
    ] as const;
    for (const [feeds, message] of wrong) {
      const run = session.run(feeds);
      await expect(run).rejects.toThrow(FeedsError);
      await expect(run).rejects.toThrow(message);
    }
    expect((await session.run({ x: vector(4) })).y).toMatchObject({ data: Float32Array.of(8) });
  });

  it('refuses a model whose weights are gone, and one that is no graph', async () => {
    await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto' });
    await expect(runtime.open('gone', layerFromFile(join(folder, 'gone.bin')))).rejects.toThrow(FileNotFoundError);
    const noGraph = () => ({ bytes: new TextEncoder().encode('no graph'), files: [] });
    await expect(runtime.open('broken', noGraph)).rejects.toThrow(InferenceFailedError);
  });

  it('refuses runs that wait when it is closed', async () => {
    const runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto' });
    const session = await runtime.open('double', scaling(2));
    const running = session.run({ x: vector(1) });
    const waiting = session.run({ x: vector(2) });
    const closing = runtime[Symbol.asyncDispose]();
    await expect(waiting).rejects.toThrow('closed');
    await expect(running).resolves.toHaveProperty('y');
    await closing;
  });
});
