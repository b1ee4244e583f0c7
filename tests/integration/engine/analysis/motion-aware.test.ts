import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyze } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { decodeClips } from '#engine/video/decode.ts';
import { planClips } from '#engine/video/plan.ts';
import { probeVideo } from '#engine/video/probe.ts';
import { cropOrigins, viewTensor } from '#engine/video/views.ts';
import type { AttentionType } from '#native-models/bundle/manifest.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { readTensor } from '#native-models/checkpoints/read-tensor.ts';
import { readSafetensors } from '#native-models/checkpoints/safetensors.ts';
import { ofType, SAMPLE, tinyBundle } from '../../../fixtures/analysis.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { plainScores } from '../../native-models/architectures/plain-interpreter.ts';
import { largestDifference, type PlainTensor } from '../../native-models/plain-tensor.ts';

/** Tensors of a bundle with random weights, as plain numbers. */
async function plainTensors(path: string, ...names: readonly string[]): Promise<PlainTensor[]> {
  await using handle = await open(path);
  const { tensors } = await readSafetensors(handle);
  return await Promise.all(
    names.map(async (name) => {
      const view = tensors.get(name)!;
      return { sizes: view.shape, numbers: [...new Float32Array((await readTensor(handle, view)).buffer)] };
    }),
  );
}

test.each(['joint_space_time', 'divided_space_time', 'space_only'] as const satisfies readonly AttentionType[])(
  'a motion-aware interpreter selects the tokens of a %s model as its definition says',
  async (attention) => {
    await using folder = await temporaryFolder();
    const { architecture } = (await tinyBundle()).manifest;
    const config = { ...architecture, kind: 'timesformer', attention, numFrames: 8 } as const;
    const groups = [{ firstBlock: 0, blocks: config.depth }];
    const bundle = await createRandomBundle(join(folder.path, 'moving'), config, {
      seed: 3,
      selection: { heads: 6, threshold: 0.5, interpreter: 'motion-aware', groups },
      title: 'Random weights',
      samplingRate: 8,
    });
    await using engine = await openEngine(bundle, { device: 'cpu', precision: 'fp32' });

    const video = await probeVideo(SAMPLE);
    const [first] = planClips(video, { numFrames: 8, samplingRate: 8 });
    const decoded = (await decodeClips(video, [first!], { shortSide: 128 }).next()).value!;
    const center = cropOrigins(decoded.width, decoded.height, 128).find(({ name }) => name === 'center')!;
    const view = viewTensor(decoded, center.origin, 128, bundle.manifest.preprocessing);
    const { tokens } = await engine.model.embed(view);
    const names = ['interpreter.0.qk.weight', 'interpreter.0.qk.bias', 'interpreter.0.motion.weight'];
    const [weight, bias, motion] = (await plainTensors(bundle.weightsPath, ...names)) as [
      PlainTensor,
      PlainTensor,
      PlainTensor,
    ];
    const plain = plainScores(
      { sizes: tokens.dims, numbers: [...(tokens.data as Float32Array)] },
      { heads: 6, weight, bias, motion: { weight: motion, frames: 8 } },
    );
    const wanted = plain.numbers.slice(1);

    const request = { views: 1, span: { startSeconds: 0, endSeconds: 2 } } as const;
    const events = await Array.fromAsync(analyze(SAMPLE, request, engine));
    const [scores] = ofType(events, 'scores');
    expect(largestDifference(scores!.view.scores, wanted)).toBeLessThan(1e-5);
    const kept = new Set(scores!.view.kept);
    expect(kept.size).toBeGreaterThan(0);
    expect(kept.size).toBeLessThan(512);
    for (const [token, score] of wanted.entries()) {
      if (Math.abs(score - 0.5) > 1e-5) expect(kept.has(token), `token ${token}`).toBe(score > 0.5);
    }
    // Queries, keys and keys of motion of 513 tokens.
    const interpreter = (513 * 3 * 96 * 96) / 1e9;
    const { analysis } = ofType(events, 'done')[0]!;
    expect(analysis.clips[0]!.views[0]).toMatchObject({ keptTokens: kept.size, totalTokens: 512 });
    const cost = engine.model.cost(scores!.view.kept, true);
    expect(cost.interpreter).toBeCloseTo(interpreter, 12);
    expect(analysis.clips[0]!.views[0]!.gmacs).toBeCloseTo(cost.total, 9);
  },
);
