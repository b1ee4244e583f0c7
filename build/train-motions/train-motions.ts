import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleExistsError } from '#contract/errors.ts';
import { bundlePath } from '#native-models/bundle/write-bundle.ts';
import { MotionBatches } from '#native-models/training/motion-batches.ts';
import type { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type ModelParts, trainPhases } from '#native-models/training/train-phases.ts';
import { type Validation, validate } from '#native-models/training/validate.ts';
import { STAGES } from './backbone-stages.ts';
import { chooseThreshold } from './choose-threshold.ts';
import { BACKBONE, learnBackbone } from './learn-backbone.ts';
import { batchOfReplica, checkRecipe, clipsOf } from './recipe.ts';
import { selectionPhases } from './selection-phases.ts';
import { clipsFor, type Events, modelOn, type TrainMotionsEvent, type TrainMotionsOptions } from './training.ts';
import { startOf } from './training-start.ts';
import { writeTrainedBundle } from './write-trained-bundle.ts';

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
  const learnt = yield* learnSelection(model, withBackbone, steps, options);
  const { parts, selectionSeconds } = learnt;
  const trained = { threshold: model.selection.threshold, validation: learnt.validation };
  const { threshold, validation } = await chooseThreshold(trained, options.tolerance, (lower) =>
    judge(model, parts, options, lower),
  );
  if (threshold !== trained.threshold) yield { kind: 'validated', after: `threshold ${threshold}`, validation };
  const summary = { recipe, start: start.from, steps, backboneSeconds, selectionSeconds, threshold, validation };
  yield { kind: 'written', bundle: await writeTrainedBundle(target, parts, summary, signal) };
}

/** @returns The trained model, and what it is worth. */
async function* learnSelection(
  model: SelectingModel,
  start: ModelParts,
  steps: number,
  options: TrainMotionsOptions,
): Events<{ readonly parts: ModelParts; readonly validation: Validation; readonly selectionSeconds: number }> {
  const { recipe, directory, signal } = options;
  await using clips = clipsFor(STAGES.length, options);
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
  threshold = model.selection.threshold,
): Promise<Validation> {
  const batches = Math.ceil(validationClips / batchOfReplica(recipe));
  const settings = clipsOf(recipe, 'val', batches * batchOfReplica(recipe), 0);
  await using clips = new MotionBatches({ ...settings, workers });
  return await validate(model, parts, clips, batches, { threshold, signal });
}

async function refuseExisting(path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing === undefined) return;
  throw new BundleExistsError(`There is already a model at ${path}.`, {
    hint: 'It is done; to train another one, choose another folder (--out) or name (--name).',
  });
}
