import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleExistsError } from '#contract/errors.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { bundlePath } from '#native-models/bundle/write-bundle.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { backboneOf, backbonePhase } from '#native-models/training/backbone-phase.ts';
import { initialParameters } from '#native-models/training/initial-parameters.ts';
import type { MotionBatch } from '#native-models/training/motion-batch.ts';
import { MotionBatches } from '#native-models/training/motion-batches.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type TrainingEvent, train } from '#native-models/training/train-loop.ts';
import { type ModelParts, trainPhases } from '#native-models/training/train-phases.ts';
import type { TrainingTask } from '#native-models/training/training-task.ts';
import { type Validation, validate } from '#native-models/training/validate.ts';
import { type Budget, settlePlan } from './plan.ts';
import {
  backboneTraining,
  checkRecipe,
  clipsOf,
  configOf,
  type Recipe,
  selectionOf,
  selectionPhases,
} from './recipe.ts';
import { writeTrainedBundle } from './write-trained-bundle.ts';

export interface TrainMotionsOptions {
  readonly recipe: Recipe;
  readonly budget: Budget;
  /** Where the training is kept, and the bundle is written. */
  readonly directory: string;
  /** What the bundle is called. */
  readonly name: string;
  /** Clips of the validation split that the result is judged by, rounded up to whole batches. */
  readonly validationClips: number;
  readonly runtime: InferenceRuntime;
  /** Threads that draw clips. */
  readonly workers: number;
  readonly signal?: AbortSignal | undefined;
}

export type TrainMotionsEvent =
  | { readonly kind: 'planned'; readonly steps: number; readonly resumed: boolean }
  | {
      readonly kind: 'phase';
      /** `backbone`, `1-policy`, `2-fine-tune` … */
      readonly name: string;
      readonly event: Exclude<TrainingEvent, { readonly kind: 'done' }>;
    }
  | { readonly kind: 'validated'; readonly after: string; readonly validation: Validation }
  | { readonly kind: 'written'; readonly bundle: Bundle };

/** The first phase. */
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
  const [config, selection] = [configOf(recipe), selectionOf(recipe)];
  const model = new SelectingModel({ runtime, config, selection, batchSize: recipe.batch });
  const fresh = initialParameters(config, selection, recipe.seed);
  const isInterpreter = (parameter: string) => parameter.startsWith('interpreter.');
  const start = {
    backbone: fresh.only((parameter) => !isInterpreter(parameter)),
    interpreter: fresh.only(isInterpreter),
  };

  const { backbone, steps, backboneSeconds } = yield* learnBackbone(model, start, options);
  const withBackbone = { ...start, backbone };
  yield { kind: 'validated', after: BACKBONE, validation: await judge(model, withBackbone, options) };
  const { parts, validation } = yield* learnSelection(model, withBackbone, steps, options);
  const summary = { recipe, steps, backboneSeconds, validation };
  yield { kind: 'written', bundle: await writeTrainedBundle(target, parts, summary, signal) };
}

type Events<T> = AsyncGenerator<TrainMotionsEvent, T, void>;

/** @returns The trained backbone, and how many steps the whole training has. */
async function* learnBackbone(
  model: SelectingModel,
  { backbone }: ModelParts,
  { recipe, budget, directory, workers, signal }: TrainMotionsOptions,
): Events<{ readonly backbone: ParameterSet; readonly steps: number; readonly backboneSeconds: number }> {
  await using clips = new MotionBatches({ ...clipsOf(recipe, 'train', recipe.clips, 0), workers });
  const { labelSmoothing, foregroundWeight } = recipe;
  const task = backbonePhase({ model, backbone, clips, labelSmoothing, foregroundWeight });
  const { steps, resumed } = await settlePlan(directory, recipe, budget, () => secondsPerStep(task, signal));
  yield { kind: 'planned', steps, resumed };
  const kept = { signal, directory: join(directory, BACKBONE) };
  for await (const event of train(task, backboneTraining(recipe, steps), kept)) {
    if (event.kind !== 'done') yield { kind: 'phase', name: BACKBONE, event };
    else return { backbone: backboneOf(event.parameters), steps, backboneSeconds: event.trainedSeconds };
  }
  throw new Error('The backbone phase did not end.');
}

/** @returns The trained model, and what it is worth. */
async function* learnSelection(
  model: SelectingModel,
  start: ModelParts,
  steps: number,
  options: TrainMotionsOptions,
): Events<{ readonly parts: ModelParts; readonly validation: Validation }> {
  const { recipe, directory, workers, signal } = options;
  await using clips = new MotionBatches({ ...clipsOf(recipe, 'train', recipe.clips, 1), workers });
  const phases = selectionPhases(recipe, steps);
  const kept = { signal, directory: join(directory, 'selection') };
  let validation: Validation | undefined;
  for await (const event of trainPhases({ model, start, clips, labels: { kind: 'given' }, phases, ...kept })) {
    if (event.kind === 'done' && validation !== undefined) return { parts: event.parts, validation };
    if (event.kind === 'done') break;
    const name = `${event.index + 1}-${event.phase.kind}`;
    if (event.kind === 'phase') yield { kind: 'phase', name, event: event.event };
    else {
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
  const batches = Math.ceil(validationClips / recipe.batch);
  await using clips = new MotionBatches({ ...clipsOf(recipe, 'val', batches * recipe.batch, 0), workers });
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
async function secondsPerStep(task: TrainingTask<MotionBatch>, signal: AbortSignal | undefined): Promise<number> {
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
