import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { TrainingReport, TrainingReportEvent } from '#contract/training.ts';
import { analyze } from '#engine/analysis/analyze.ts';
import { type PrepareOptions, prepareTraining } from '#engine/training/prepare-training.ts';
import type { TrainingRequest } from '#engine/training/resolve-recipe.ts';
import { runTraining } from '#engine/training/run-training.ts';
import { type Bundle, loadBundle } from '#native-models/bundle/load-bundle.ts';
import { verifyBundle } from '#native-models/bundle/verify-bundle.ts';
import { importCheckpoint } from '#native-models/checkpoints/import-checkpoint.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import { ofType } from '../../../fixtures/analysis.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { LAMP_MODEL, LAMPS, lampBackbone, writeLampVideos, writePyth } from '../../../fixtures/training/lamps.ts';

const VIDEOS = 80;
const REQUEST: TrainingRequest = {
  pseudoLabels: true,
  steps: 120,
  rounds: 1,
  batch: 16,
  accumulate: 1,
  estimator: 'reinforce',
  reward: 'squared',
  exploration: null,
  entropy: 0,
  learningRate: 1e-2,
  fineTuneLearningRate: 1e-3,
  flip: true,
  heldOut: 0.5,
  seed: 1,
};

let runtime: InferenceRuntime;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let source: Bundle;
let videos: string;
let report: TrainingReport;

/** Fits selection as `patchlight train` does. */
async function fitSelection(options: Partial<PrepareOptions>): Promise<TrainingReportEvent[]> {
  await using prepared = await prepareTraining({
    data: videos,
    badData: 'stop',
    bundle: source,
    request: REQUEST,
    directory: join(folder.path, 'training'),
    target: join(folder.path, 'training', 'lamps-selected'),
    cacheBytes: 1e9,
    ...options,
  });
  return await Array.fromAsync(runTraining(prepared, runtime));
}

beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 2 });
  folder = await temporaryFolder();
  const checkpoint = join(folder.path, 'lamps.pyth');
  await writePyth(checkpoint, await lampBackbone(runtime));
  const imported = await importCheckpoint(checkpoint, {
    name: 'lamps',
    directory: folder.path,
    heads: LAMP_MODEL.heads,
    samplingRate: 32,
    labels: LAMPS,
  });
  source = imported.bundle;
  videos = await writeLampVideos(folder.path, VIDEOS);
  const events = await fitSelection({});
  const last = events.at(-1);
  if (last?.type !== 'done') throw new Error('The training did not end.');
  report = last.report;
}, 600_000);
afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('selection fitted to an imported model with divided attention, on unlabelled videos', () => {
  test('answers as the full model does on 95 % of the held-out videos, with at most 70 % of the patches', () => {
    expect(source.manifest).toMatchObject({ architecture: { attention: 'divided_space_time' }, selection: null });
    expect(report.data).toMatchObject({ trainingVideos: VIDEOS / 2, heldOutVideos: VIDEOS / 2, skipped: 0 });
    expect(report.heldOut.clips).toBe(VIDEOS / 2);
    expect(report.heldOut.agreement).toBeGreaterThanOrEqual(0.95);
    expect(report.heldOut.keepRatio).toBeLessThanOrEqual(0.7);
  });

  test('is no matter of course: as many patches chosen by chance do not do it', () => {
    expect(report.heldOut.randomAgreement).toBeLessThan(report.heldOut.agreement - 0.1);
  });

  test('leaves the weights of the model as they were, bit by bit', async () => {
    const [before, after] = [await bundleParameters(source), await bundleParameters(await fitted())];
    for (const [name, values] of before.tensors) expect(after.get(name), name).toEqual(values);
  });

  test('gives a bundle that says how it came about', async () => {
    const bundle = await fitted();
    await verifyBundle(bundle);
    const { agreement, keepRatio } = report.heldOut;
    expect(bundle.manifest).toMatchObject({
      name: 'lamps-selected',
      selection: { heads: 6, threshold: report.threshold, groups: [{ firstBlock: 0, blocks: LAMP_MODEL.depth }] },
      sampling: { numFrames: 2, samplingRate: 32 },
      licence: source.manifest.licence,
      training: {
        source: { name: 'lamps', weightsSha256: source.manifest.weights.sha256 },
        data: { path: 'videos', trainingVideos: VIDEOS / 2 },
        recipe: { pseudoLabels: true, policySteps: 120, fineTuneSteps: 0, tau: 4 },
        results: { heldOut: { agreement, keepRatio } },
      },
    });
    const card = await readFile(join(bundle.directory, 'CARD.md'), 'utf8');
    expect(card).toContain(`${(100 * agreement).toFixed(1)} %`);
    expect(card).toContain('chosen by chance');
    expect(card).not.toContain(folder.path);
  });

  test('analyses a video with the patches of the lamp, and names its colour as the full model does', async () => {
    const [full, selected] = [new VideoModel(source, runtime), new VideoModel(await fitted(), runtime)];
    let agreed = 0;
    let kept = 0;
    const looked = 5;
    for (let number = 0; number < looked; number++) {
      const path = join(videos, `${String(number).padStart(4, '0')}.mp4`);
      const [before, after] = await Promise.all(
        [full, selected].map(async (model) => {
          const events = await Array.fromAsync(analyze(path, { views: 1 }, { model, runtime }));
          return ofType(events, 'done')[0]!.analysis;
        }),
      );
      const answers = [before, after].map((analysis) => analysis!.summary.oneClip.top[0]!.index);
      if (answers[0] === answers[1]) agreed++;
      kept += after!.summary.keepRatio / looked;
      expect(after!.settings).toMatchObject({ selector: 'interpreter', threshold: report.threshold });
    }
    expect(agreed).toBeGreaterThanOrEqual(looked - 1);
    expect(kept).toBeLessThan(0.7);
  });
});

const fitted = () => loadBundle(join(folder.path, 'training', 'lamps-selected'));
