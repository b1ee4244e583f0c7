import { readdir, stat } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Terminal } from '#cli/terminal/terminal.ts';
import { BundleExistsError, BundleInvalidError, ResumeMismatchError, UsageError } from '#contract/errors.ts';
import { analyze } from '#engine/analysis/analyze.ts';
import { TrainingLock } from '#engine/training/training-lock.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { verifyBundle } from '#native-models/bundle/verify-bundle.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import { type MotionsRecipe, motionsCourse } from '../../../build/train-motions/motions-course.ts';
import { parseOptions } from '../../../build/train-motions/options.ts';
import { backboneStages } from '../../../build/training/backbone-stages.ts';
import { runTraining } from '../../../build/training/run-training.ts';
import { stepShares } from '../../../build/training/step-shares.ts';
import { trainModel } from '../../../build/training/train-model.ts';
import type { ModelTrainingEvent, ModelTrainingOptions } from '../../../build/training/training.ts';
import { ofType, SAMPLE } from '../../fixtures/analysis.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

/** A model that is trained in a second, in all phases. */
const SMALL =
  '--size 32 --patch 8 --frames 4 --dim 24 --blocks 2 --heads 2 --batch 4 --rounds 1 --val-samples 6 --interpreter-heads 2'.split(
    ' ',
  );
// A model of a second answers by chance: no threshold would be chosen twice.
const { recipe, request } = parseOptions(SMALL);
const { name, workers, validationSamples } = request;
const tolerance = 1;

type TrainMotionsOptions = Omit<ModelTrainingOptions, 'course'> & { readonly recipe: MotionsRecipe };

const trainMotions = ({ recipe, ...options }: TrainMotionsOptions) =>
  trainModel({ ...options, course: motionsCourse(recipe) });

let runtime: InferenceRuntime;
let common: Omit<TrainMotionsOptions, 'directory'>;
/** One training that nothing interrupts, for all tests to look at. */
let finished: AsyncDisposable & { readonly path: string };
let whole: readonly ModelTrainingEvent[];
/** A folder for one test. */
let folder: typeof finished;
let options: TrainMotionsOptions;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
  const replicas = [runtime, runtime];
  const budget = { steps: 20 };
  common = { recipe, start: null, budget, name, validationSamples, tolerance, workers, runtime, replicas };
  finished = await temporaryFolder();
  whole = await collect(trainMotions({ ...common, directory: finished.path }));
});
afterAll(async () => {
  await runtime[Symbol.asyncDispose]();
  await finished[Symbol.asyncDispose]();
});
beforeEach(async () => {
  folder = await temporaryFolder();
  options = { ...common, directory: folder.path };
});
afterEach(() => folder[Symbol.asyncDispose]());

const collect = (events: AsyncIterable<ModelTrainingEvent>) => Array.fromAsync(events);

function bundleOf(events: readonly ModelTrainingEvent[]): Bundle {
  const last = events.at(-1);
  if (last?.kind !== 'written') throw new Error('Nothing was written.');
  return last.bundle;
}

describe('training on Motions', () => {
  it('goes through all phases and judges each of them', () => {
    const judged = whole.filter((event) => event.kind === 'validated');
    expect(judged.map(({ after, validation }) => [after, validation.clips])).toEqual([
      ['backbone', 6],
      ['1-policy', 6],
      ['2-fine-tune', 6],
    ]);
    const steps = whole.filter((event) => event.kind === 'phase' && event.event.kind === 'step');
    // 0.15 of the time with a quarter of the tokens, 0.45 with seven sixteenths, 0.2, 0.1 and 0.1 with all of them.
    const cost = [0.15 / 0.25, 0.45 / 0.4375, 0.2, 0.1, 0.1];
    const total = cost.reduce((sum, each) => sum + each, 0);
    expect(steps).toHaveLength(cost.reduce((sum, each) => sum + Math.round((20 * each) / total), 0));
  });

  it('writes a bundle that is sound, says how it came about, and analyses a video', async () => {
    const bundle = bundleOf(whole);
    await verifyBundle(bundle);
    expect(bundle.labels).toContain('walk backwards');
    expect(bundle.manifest).toMatchObject({
      name: 'motions-tiny',
      trained: true,
      sampling: { numFrames: 4, samplingRate: 16 },
      training: { dataSet: 'motions', steps: 20, recipe, validation: { clips: 6 } },
    });
    expect([...bundle.tensors.values()].every(({ dtype }) => dtype === 'float16')).toBe(true);
    const engine = { model: new VideoModel(bundle, runtime), runtime };
    const events = await Array.fromAsync(analyze(SAMPLE, { views: 1 }, engine));
    expect(ofType(events, 'done')[0]!.analysis.clips.length).toBeGreaterThan(1);
  });

  it('goes on where it was interrupted, with the same result', async () => {
    for (const [phase, step] of [
      ['backbone 1-figure', 3],
      ['backbone 2-surroundings', 4],
      ['1-policy', 1],
    ] as const) {
      const cancel = new AbortController();
      const cut = (async () => {
        for await (const event of trainMotions({ ...options, signal: cancel.signal })) {
          if (event.kind !== 'phase' || event.name !== phase || event.event.kind !== 'step') continue;
          if (event.event.step === step) cancel.abort(new Error('enough'));
        }
      })();
      await expect(cut).rejects.toThrow('enough');
      expect(await readdir(folder.path)).not.toContain(name);
    }
    const resumed = bundleOf(await collect(trainMotions(options)));
    expect(resumed.manifest.weights.sha256).toBe(bundleOf(whole).manifest.weights.sha256);
  });

  it('turns hours into steps once, and keeps to them', async () => {
    const hours = { ...options, budget: { hours: 1 / 3600 } };
    const planned = async () => {
      for await (const event of trainMotions(hours)) if (event.kind === 'planned') return event;
      throw new Error('Nothing was planned.');
    };
    const first = await planned();
    expect(first.steps).toBeGreaterThan(0);
    expect(await planned()).toEqual({ ...first, resumed: true });
  });

  it('refuses to go on with other options', async () => {
    const { value } = await trainMotions(options).next();
    expect(value).toMatchObject({ kind: 'planned', resumed: false });
    const wider = { ...options, recipe: { ...recipe, dim: 48 } };
    await expect(collect(trainMotions(wider))).rejects.toThrow(ResumeMismatchError);
    await expect(collect(trainMotions(wider))).rejects.toThrow('dim was 24 and is 48');
    await expect(collect(trainMotions({ ...options, budget: { steps: 30 } }))).rejects.toThrow(
      'steps was 20 and is 30',
    );
  });

  it('refuses what could not be written at the end before it begins', async () => {
    const fails = (changed: Partial<typeof recipe>) =>
      expect(collect(trainMotions({ ...options, recipe: { ...recipe, ...changed } }))).rejects;
    await fails({ heads: 5 }).toThrow('heads must divide dim');
    await fails({ patch: 7 }).toThrow('patchSize must divide imageSize');
    await fails({ frames: 7 }).toThrow(UsageError);
    await fails({ firstStage: 5 }).toThrow('first-stage must be 1 to 4');
    await fails({ replicas: 3 }).toThrow('replicas must divide batch');
    await fails({ interpreterHeads: 5 }).toThrow('interpreter-heads must divide dim');
    await expect(collect(trainMotions({ ...options, name: '../elsewhere' }))).rejects.toThrow(BundleInvalidError);
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('goes on from a bundle', async () => {
    const { directory: start } = bundleOf(whole);
    const bundle = bundleOf(await collect(trainMotions({ ...options, start, budget: { steps: 1 } })));
    const [before, after] = await Promise.all([bundleOf(whole), bundle].map(bundleParameters));
    const moved = (a: Float32Array, b: Float32Array) =>
      a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
    // One step in each phase moves nothing far; what begins with random weights is elsewhere.
    expect(moved(before!.get('pos_embed'), after!.get('pos_embed'))).toBeLessThan(0.02);
    const deeper = { ...options, start, name: 'deeper', recipe: { ...recipe, blocks: 3 } };
    await expect(collect(trainMotions(deeper))).rejects.toThrow(UsageError);
    await expect(collect(trainMotions(deeper))).rejects.toThrow('blocks.2');
  });

  it('learns no selection where none is wanted: a model of single frames to hold the others against', async () => {
    const single = { ...recipe, frames: 1, interpreter: 'none' as const };
    const events = await collect(trainMotions({ ...options, recipe: single, budget: { steps: 3 } }));
    expect(events.filter(({ kind }) => kind === 'validated')).toMatchObject([{ after: 'backbone' }]);
    const { manifest } = bundleOf(events);
    expect(manifest).toMatchObject({ selection: null, sampling: { numFrames: 1 }, architecture: { numFrames: 1 } });
  });

  it('keeps a second training out of its folder', async () => {
    await using _first = await TrainingLock.take(folder.path);
    const terminal = new Terminal(process.stdout, process.stderr);
    const second = runTraining(
      motionsCourse(recipe),
      { ...request, out: folder.path },
      terminal,
      AbortSignal.timeout(60_000),
    );
    await expect(second).rejects.toMatchObject({ code: 'training-under-way' });
  });

  it('shares its steps out by the time they take', () => {
    const later = stepShares(motionsCourse({ ...recipe, firstStage: 3, rounds: 2 }));
    // 0.2, 0.1 and 0.1 of the time, with all tokens each; policy and fine-tune phase twice.
    expect([...later.backbone, later.policy, later.fineTune]).toEqual(
      [0.5, 0.125, 0.125].map((share) => expect.closeTo(share, 10)),
    );
    const all = stepShares(motionsCourse(recipe));
    expect(all.backbone[0]! / all.backbone[2]!).toBeCloseTo(0.15 / 0.25 / 0.2, 10);
    expect(all.meanCost).toBeLessThan(later.meanCost);
  });

  it('teaches divided attention with all tokens from the start', () => {
    const divided = motionsCourse({ ...recipe, attention: 'divided_space_time' });
    expect(backboneStages(divided)).toMatchObject([{ name: '3-everything', seen: 1, rates: [1, 0.01] }]);
    const { backbone, policy, fineTune } = stepShares(divided);
    expect([...backbone, policy, fineTune]).toEqual([0.8, 0.1, 0.1].map((share) => expect.closeTo(share, 10)));
  });

  it('leaves a finished model alone', async () => {
    const { manifest, weightsPath } = bundleOf(whole);
    const again = { ...common, directory: finished.path };
    await expect(collect(trainMotions(again))).rejects.toThrow(BundleExistsError);
    expect((await stat(weightsPath)).size).toBe(manifest.weights.bytes);
  });
});

describe('the options of npm run train:motions', () => {
  it('describe the model that ships unless they say otherwise', () => {
    expect(parseOptions([])).toMatchObject({
      request: { budget: { hours: 10 } },
      recipe: {
        attention: 'joint_space_time',
        size: 128,
        patch: 16,
        frames: 8,
        dim: 128,
        blocks: 6,
        heads: 4,
        batch: 32,
      },
    });
    expect(parseOptions(['--attention', 'divided', '--steps', '7'])).toMatchObject({
      request: { budget: { steps: 7 } },
      recipe: { attention: 'divided_space_time' },
    });
  });
});
