import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleExistsError, UsageError } from '#contract/errors.ts';
import { type Bundle, loadBundle } from '#native-models/bundle/load-bundle.ts';
import { bundlePath } from '#native-models/bundle/write-bundle.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { type BackbonePhaseOptions, backbonePhase } from '#native-models/training/backbone-phase.ts';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import { initialParameters } from '#native-models/training/initial-parameters.ts';
import type { MotionBatch } from '#native-models/training/motion-batch.ts';
import { MotionBatches } from '#native-models/training/motion-batches.ts';
import { parallelTask } from '#native-models/training/parallel-task.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { withoutReadOuts } from '#native-models/training/region-read-outs.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type TrainingEvent, train } from '#native-models/training/train-loop.ts';
import { type ModelParts, trainPhases } from '#native-models/training/train-phases.ts';
import type { TrainingTask } from '#native-models/training/training-task.ts';
import { type Validation, validate } from '#native-models/training/validate.ts';
import { type Budget, settlePlan } from './plan.ts';
import {
  type BackboneStage,
  backboneRecipe,
  backboneStages,
  backboneTraining,
  batchOfReplica,
  checkRecipe,
  clipsOf,
  configOf,
  type Recipe,
  selectionOf,
  selectionPhases,
  stepShares,
  stepsOf,
} from './recipe.ts';
import { type TrainingStart, writeTrainedBundle } from './write-trained-bundle.ts';

export interface TrainMotionsOptions {
  readonly recipe: Recipe;
  /** Folder of the bundle to go on from; `null` begins with random weights. */
  readonly start: string | null;
  readonly budget: Budget;
  /** Where the training is kept, and the bundle is written. */
  readonly directory: string;
  /** What the bundle is called. */
  readonly name: string;
  /** Clips of the validation split that the result is judged by, rounded up to whole batches. */
  readonly validationClips: number;
  /** Of the phases after the backbone's, and of judging. */
  readonly runtime: InferenceRuntime;
  /** One for each part of a batch of the backbone's. */
  readonly replicas: readonly InferenceRuntime[];
  /** Threads that draw clips. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
}

export type TrainMotionsEvent =
  | { readonly kind: 'planned'; readonly steps: number; readonly resumed: boolean }
  | {
      readonly kind: 'phase';
      /** `backbone 1-figure` …, `1-policy`, `2-fine-tune` … */
      readonly name: string;
      readonly event: Exclude<TrainingEvent, { readonly kind: 'done' }>;
    }
  | { readonly kind: 'validated'; readonly after: string; readonly validation: Validation }
  | { readonly kind: 'written'; readonly bundle: Bundle };

/** Where the stages of the backbone are kept, and what comes out of them is called. */
const BACKBONE = 'backbone';

/**
 * Trains a model on Motions and writes it as a bundle; goes on with a training that was interrupted in `directory`.
 *
 * @throws as {@link train} and {@link settlePlan} do; UsageError, BundleInvalidError and BundleExistsError, before
 * anything is trained, when no bundle could be made of it.
 */
export async function* trainMotions(options: TrainMotionsOptions): AsyncGenerator<TrainMotionsEvent, void, void> {
  const { recipe, directory, name, runtime, signal } = options;
  checkRecipe(recipe);
  const target = bundlePath(directory, name);
  await refuseExisting(target);
  const start = await startOf(options);
  const model = modelOn(runtime, recipe);
  const { backbone, steps, backboneSeconds } = yield* learnBackbone(start, options);
  const withBackbone = { interpreter: start.interpreter, backbone };
  yield { kind: 'validated', after: BACKBONE, validation: await judge(model, withBackbone, options) };
  const { parts, validation, selectionSeconds } = yield* learnSelection(model, withBackbone, steps, options);
  const summary = { recipe, start: start.from, steps, backboneSeconds, selectionSeconds, validation };
  yield { kind: 'written', bundle: await writeTrainedBundle(target, parts, summary, signal) };
}

type Events<T> = AsyncGenerator<TrainMotionsEvent, T, void>;

/** @throws UsageError when the bundle to go on from is of another architecture. */
async function startOf({
  recipe,
  start,
}: TrainMotionsOptions): Promise<ModelParts & { readonly from: TrainingStart | null }> {
  const [config, selection] = [configOf(recipe), selectionOf(recipe)];
  const parameters = initialParameters(config, selection, recipe.seed);
  let from: TrainingStart | null = null;
  if (start !== null) {
    const bundle = await loadBundle(start);
    from = { weightsSha256: bundle.manifest.weights.sha256, training: bundle.manifest.training ?? null };
    const known = await bundleParameters(bundle);
    for (const [name, values] of parameters.tensors) {
      const before = known.tensors.get(name);
      if (before?.length !== values.length) {
        throw new UsageError(`The model at ${start} has no ${name} of ${values.length} numbers to go on from.`, {
          hint: 'Train with the sizes that it has; its CARD.md tells them.',
        });
      }
      values.set(before);
    }
  }
  const isInterpreter = (name: string) => name.startsWith('interpreter.');
  return {
    backbone: parameters.only((name) => !isInterpreter(name)),
    interpreter: parameters.only(isInterpreter),
    from,
  };
}

function modelOn(runtime: InferenceRuntime, recipe: Recipe): SelectingModel {
  const [config, selection] = [configOf(recipe), selectionOf(recipe)];
  return new SelectingModel({ runtime, config, selection, batchSize: batchOfReplica(recipe) });
}

/** @returns The trained backbone, and how many steps the whole training has. */
async function* learnBackbone(
  start: ModelParts,
  options: TrainMotionsOptions,
): Events<{ readonly backbone: ParameterSet; readonly steps: number; readonly backboneSeconds: number }> {
  const { recipe, budget, directory, signal } = options;
  const stages = backboneStages(recipe);
  const shares = stepShares(recipe);
  let { backbone } = start;
  let backboneSeconds = 0;
  const measure = async () => {
    const [stage] = stages;
    if (stage === undefined) {
      throw new UsageError('How many steps selection takes is not known before it begins.', { hint: 'Give --steps.' });
    }
    await using clips = clipsFor(0, options);
    const seconds = await secondsPerStep(stageTask(stage, backbone, clips, options), signal);
    return (seconds / stage.seen) * shares.meanCost;
  };
  const { steps, resumed } = await settlePlan(directory, recipe, budget, measure);
  yield { kind: 'planned', steps, resumed };
  for (const [i, stage] of stages.entries()) {
    await using clips = clipsFor(i, options);
    const task = stageTask(stage, backbone, clips, options);
    const training = backboneTraining(recipe, stage, stepsOf(shares.backbone[i] ?? 0, steps));
    const name = `${BACKBONE} ${stage.name}`;
    for await (const event of train(task, training, { signal, directory: join(directory, BACKBONE, stage.name) })) {
      if (event.kind !== 'done') yield { kind: 'phase', name, event };
      else {
        backbone = event.parameters;
        backboneSeconds += event.trainedSeconds;
      }
    }
  }
  return { backbone: withoutReadOuts(backbone), steps, backboneSeconds };
}

/** Clips of the training split; each stage sees them in an order of its own. */
function clipsFor(stage: number, { recipe, workers, replicas }: TrainMotionsOptions): MotionBatches {
  return new MotionBatches({
    ...clipsOf(recipe, 'train', recipe.clips, stage),
    workers,
    ahead: workers + replicas.length,
  });
}

function stageTask(
  stage: BackboneStage,
  backbone: ParameterSet,
  clips: BackbonePhaseOptions['clips'],
  { recipe, replicas }: TrainMotionsOptions,
): TrainingTask<readonly MotionBatch[]> {
  return parallelTask(
    replicas.map((runtime) => {
      const model = modelOn(runtime, recipe);
      return backbonePhase({ model, backbone, clips, ...backboneRecipe(recipe, stage, model.tokenCount) });
    }),
  );
}

/** @returns The trained model, and what it is worth. */
async function* learnSelection(
  model: SelectingModel,
  start: ModelParts,
  steps: number,
  options: TrainMotionsOptions,
): Events<{ readonly parts: ModelParts; readonly validation: Validation; readonly selectionSeconds: number }> {
  const { recipe, directory, signal } = options;
  await using clips = clipsFor(backboneStages(recipe).length, options);
  const phases = selectionPhases(recipe, steps);
  const kept = { signal, directory: join(directory, 'selection') };
  let validation: Validation | undefined;
  let selectionSeconds = 0;
  for await (const event of trainPhases({ model, start, clips, labels: { kind: 'given' }, phases, ...kept })) {
    if (event.kind === 'done' && validation !== undefined) {
      return { parts: event.parts, validation, selectionSeconds };
    }
    if (event.kind === 'done') break;
    const name = `${event.index + 1}-${event.phase.kind}`;
    if (event.kind === 'phase') yield { kind: 'phase', name, event: event.event };
    else {
      selectionSeconds += event.trainedSeconds;
      validation = await judge(model, event.parts, options);
      yield { kind: 'validated', after: name, validation };
    }
  }
  throw new Error('There is no phase that learns selection.');
}

async function judge(
  model: SelectingModel,
  parts: ModelParts,
  { recipe, validationClips, workers, signal }: TrainMotionsOptions,
): Promise<Validation> {
  const batches = Math.ceil(validationClips / batchOfReplica(recipe));
  const settings = clipsOf(recipe, 'val', batches * batchOfReplica(recipe), 0);
  await using clips = new MotionBatches({ ...settings, workers });
  return await validate(model, parts, clips, batches, signal);
}

async function refuseExisting(path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing === undefined) return;
  throw new BundleExistsError(`There is already a model at ${path}.`, {
    hint: 'It is done; to train another one, choose another folder (--out) or name (--name).',
  });
}

/** The mean over a few steps, after one that makes the session. */
async function secondsPerStep<Batch>(task: TrainingTask<Batch>, signal: AbortSignal | undefined): Promise<number> {
  const measured = 3;
  let started = performance.now();
  for (let index = 0; index <= measured; index++) {
    const batch = await task.batch(index);
    signal?.throwIfAborted();
    await task.step(task.initial, batch, RandomStream.seeded(0), signal);
    if (index === 0) started = performance.now();
  }
  return (performance.now() - started) / 1000 / measured;
}
