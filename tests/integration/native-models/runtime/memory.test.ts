import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { Graph } from '#native-models/onnx/graph.ts';
import { linear } from '#native-models/onnx/operators/matrices.ts';
import { serializeGraph } from '#native-models/onnx/serialize.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { transformer, transformerFeeds, vector } from '../../../fixtures/inference/graphs.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const MB = 2 ** 20;

it('hundreds of runs of changing length leave the resident size where it is', async () => {
  await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto', threads: 1 });
  const session = await runtime.open('transformer', transformer);
  const run = async (count: number) => {
    for (let i = 0; i < count; i += 1) await session.run(transformerFeeds(1, 8 + ((i * 97) % 400)));
    return process.memoryUsage.rss();
  };
  const before = await run(150);
  const after = await run(450);
  expect((after - before) / MB).toBeLessThan(40);
});

it('weights are in memory about once when two sessions of a model are open', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'patchlight-memory-'));
  const path = join(folder, 'weights.bin');
  // Two matrices of 64 MB, one for each session.
  const side = 4096;
  const bytes = side * side * 4;
  await writeFile(path, new Uint8Array(2 * bytes));
  const matrix = (index: number) => () => {
    const graph = new Graph(`matrix ${index}`);
    const x = graph.input('x', 'float32', ['n', side]);
    const at = { file: 'weights', byteOffset: index * bytes };
    graph.output('y', linear(x, graph.external('w', 'float32', [side, side], at), null));
    return { bytes: serializeGraph(graph), files: [{ name: 'weights', path }] };
  };
  await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'auto' });
  const before = process.memoryUsage.rss();
  const sessions = [await runtime.open('first', matrix(0)), await runtime.open('second', matrix(1))];
  await rm(folder, { recursive: true });
  const x = { ...vector(), dims: [1, side], data: new Float32Array(side) };
  for (const session of sessions) await session.run({ x });
  expect((process.memoryUsage.rss() - before) / MB).toBeLessThan(1.5 * 128);
});

it('attention rollout does not keep the weights of every head until the last block has run', async () => {
  await using folder = await temporaryFolder();
  const [patches, frames, heads, depth] = [100, 8, 16, 8];
  const bundle = await createRandomBundle(
    join(folder.path, 'wide'),
    {
      ...{ kind: 'timesformer', attention: 'joint_space_time', numFrames: frames, imageSize: 160, patchSize: 16 },
      ...{ dim: 64, depth, heads, mlpDim: 64, classes: 2, layerNormEps: 1e-6 },
    },
    { seed: 1, selection: null, title: 'Few numbers and many tokens' },
  );
  await using runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32' });
  const model = new VideoModel(bundle, runtime);
  const embedded = await model.embed(new Float32Array(3 * frames * 160 * 160));
  const before = process.memoryUsage.rss();
  await model.rollout(embedded);
  const block = heads * (1 + patches * frames) ** 2 * 4;
  // What one block is made of, and the means of all.
  expect((process.memoryUsage.rss() - before) / block).toBeLessThan(depth / 2 + 1);
});
