import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { prepareTraining } from '#engine/training/prepare-training.ts';
import { runTraining } from '#engine/training/run-training.ts';
import { decodeClips } from '#engine/video/decode.ts';
import { planClips } from '#engine/video/plan.ts';
import { cropOrigins, viewTensor } from '#engine/video/views.ts';
import { loadBundle } from '#native-models/bundle/load-bundle.ts';
import { importCheckpoint } from '#native-models/checkpoints/import-checkpoint.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { keepTokens } from '#native-models/selection/keep.ts';
import { writeDataSet } from '../../../fixtures/data-set.ts';

const GOLDENS = join(import.meta.dirname, '../../../fixtures/goldens');
const ROUNDING = 1e-6;
const TIMING = { numFrames: 4, samplingRate: 8 };

let made: Awaited<ReturnType<typeof writeDataSet>>;
let runtime: InferenceRuntime;
beforeAll(async () => {
  made = await writeDataSet([0, 1, 2, 3, 4, 5]);
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
});
afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await made[Symbol.asyncDispose]();
});

const largest = (logits: Float32Array) => logits.indexOf(Math.max(...logits));

describe.each(['divided_space_time', 'joint_space_time', 'space_only'] as const)(
  'a .pyth with %s attention',
  (name) => {
    test('is fitted, and its judgement is what the finished bundle does when it drops patches for good', async () => {
      const folder = await mkdtemp(join(made.folder, `${name}-`));
      const { bundle } = await importCheckpoint(join(GOLDENS, `${name}.pyth`), {
        name: 'golden',
        directory: folder,
        heads: 3,
        numFrames: TIMING.numFrames,
        samplingRate: TIMING.samplingRate,
      });
      const target = join(folder, 'fitted');
      await using prepared = await prepareTraining({
        data: made.list,
        badData: 'stop',
        bundle,
        request: {
          pseudoLabels: true,
          policySteps: 6,
          fineTuneSteps: 2,
          rounds: 1,
          batch: 2,
          accumulate: 2,
          estimator: 'reinforce',
          reward: 'linear',
          exploration: 0.8,
          entropy: 0.001,
          // So much that weights of an untrained interpreter come to choose.
          learningRate: 0.3,
          fineTuneLearningRate: 1e-3,
          agreement: 0,
          flip: true,
          heldOut: 0.5,
          seed: 3,
        },
        directory: join(folder, 'training'),
        target,
        cacheBytes: 1e8,
      });
      const last = (await Array.fromAsync(runTraining(prepared, runtime))).at(-1);
      if (last?.type !== 'done') throw new Error('The training did not end.');
      const { heldOut, threshold } = last.report;
      expect(heldOut.clips).toBeGreaterThanOrEqual(3);

      const [full, fitted] = [new VideoModel(bundle, runtime), new VideoModel(await loadBundle(target), runtime)];
      const { imageSize } = full.config;
      let [agreed, kept, clips, undecided, doubtful] = [0, 0, 0, 0, 0];
      for (const { info } of prepared.heldOut) {
        for (const plan of planClips(info, TIMING)) {
          for await (const stack of decodeClips(info, [plan], { shortSide: imageSize })) {
            const [, centre] = cropOrigins(stack.width, stack.height, imageSize);
            const view = viewTensor(stack, centre.origin, imageSize, bundle.manifest.preprocessing);
            const embedded = await fitted.embed(view);
            // Batches round otherwise than single clips do: so near to the threshold, a score may fall on either side.
            const near = embedded.scores!.filter((score) => Math.abs(score - threshold) < ROUNDING).length;
            undecided += near;
            if (near > 0) doubtful++;
            const choice = keepTokens(embedded.scores!, { kind: 'threshold', threshold }).kept;
            const right = largest(await full.classify(await full.embed(view), null));
            if (largest(await fitted.classify(embedded, choice)) === right) agreed++;
            kept += choice.length;
            clips++;
          }
        }
      }
      expect(clips).toBe(heldOut.clips);
      expect(Math.abs(agreed - clips * heldOut.agreement)).toBeLessThan(Math.min(doubtful, 1) + 1e-6);
      const fell = Math.abs(kept - clips * full.tokenCount * heldOut.keepRatio);
      expect(fell).toBeLessThan(Math.min(undecided, 3) + 1e-6);
      expect(heldOut.keepRatio).toBeGreaterThan(0);
      expect(heldOut.keepRatio).toBeLessThan(1);
    });
  },
);
