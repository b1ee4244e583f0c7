import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BundleExistsError } from '#contract/errors.ts';
import type { Selection } from '#native-models/bundle/manifest.ts';
import { bundlePath } from '#native-models/bundle/write-bundle.ts';
import { DrawnBatches } from '#native-models/training/drawn-batches.ts';
import { type ModelParts, trainPhases } from '#native-models/training/train-phases.ts';
import { type Validation, validate } from '#native-models/training/validate.ts';
import { validateWhole } from '#native-models/training/validate-whole.ts';
import { STAGES } from './backbone-stages.ts';
import { type ChosenThreshold, chooseThreshold } from './choose-threshold.ts';
import { samplesOf } from './course.ts';
import { BACKBONE, learnBackbone } from './learn-backbone.ts';
import { batchOfReplica, checkCourse } from './recipe.ts';
import { selectionPhases } from './selection-phases.ts';
import { type Events, type ModelTrainingEvent, type ModelTrainingOptions, modelOn, samplesFor } from './training.ts';
import { startOf } from './training-start.ts';
import { writeTrainedBundle } from './write-trained-bundle.ts';

/**
 * Trains a model on a data set that is drawn meanwhile, and writes it as a bundle; goes on with a training that was
 * interrupted in `directory`.
 *
 * @throws as {@link train} and {@link settlePlan} do; UsageError, BundleInvalidError and BundleExistsError, before
 * anything is trained, when no bundle could be made of it.
 */
export async function* trainModel(options: ModelTrainingOptions): AsyncGenerator<ModelTrainingEvent, void, void> {
  const { course, directory, name, signal } = options;
  checkCourse(course);
  const target = bundlePath(directory, name);
  await refuseExisting(target);
  const start = await startOf(options);
  const { backbone, steps, backboneSeconds } = yield* learnBackbone(start, options);
  const withBackbone = { interpreter: start.interpreter, backbone };
  const before = await judge(withBackbone, options);
  yield { kind: 'validated', after: BACKBONE, validation: before };
  const learnt =
    course.selection === null
      ? { parts: withBackbone, selectionSeconds: 0, threshold: null, validation: before }
      : yield* learnSelection(withBackbone, course.selection, steps, options);
  const { parts, selectionSeconds, ...chosen } = learnt;
  const spent = { steps, backboneSeconds, selectionSeconds };
  const judged = { backboneAccuracy: before.fullAccuracy, ...chosen };
  const summary = { recipe: course.recipe, start: start.from, ...spent, ...judged };
  yield { kind: 'written', bundle: await writeTrainedBundle(target, course, parts, summary, signal) };
}

interface LearntSelection extends ChosenThreshold {
  readonly parts: ModelParts;
  readonly selectionSeconds: number;
}

/** @returns The trained model, its threshold, and what it is worth there. */
async function* learnSelection(
  start: ModelParts,
  selection: Selection,
  steps: number,
  options: ModelTrainingOptions,
): Events<LearntSelection> {
  const { course, runtime, directory, signal } = options;
  await using clips = samplesFor(STAGES.length, options);
  const model = modelOn(runtime, course);
  const phases = selectionPhases(course, steps);
  const kept = { signal, directory: join(directory, 'selection') };
  let validation: Validation | undefined;
  let selectionSeconds = 0;
  for await (const event of trainPhases({ model, start, clips, labels: { kind: 'given' }, phases, ...kept })) {
    if (event.kind === 'done' && validation !== undefined) {
      const { parts } = event;
      const trained = { threshold: selection.threshold, validation };
      const chosen = await chooseThreshold(trained, options.tolerance, (lower) => judge(parts, options, lower));
      const { threshold } = chosen;
      if (threshold !== trained.threshold)
        yield { kind: 'validated', after: `threshold ${threshold}`, validation: chosen.validation };
      return { parts, selectionSeconds, ...chosen };
    }
    if (event.kind === 'done') break;
    const name = `${event.index + 1}-${event.phase.kind}`;
    if (event.kind === 'phase') yield { kind: 'phase', name, event: event.event };
    else {
      selectionSeconds += event.trainedSeconds;
      validation = await judge(event.parts, options);
      yield { kind: 'validated', after: name, validation };
    }
  }
  throw new Error('There is no phase that learns selection.');
}

async function judge(
  parts: ModelParts,
  { course, runtime, validationSamples, workers, signal }: ModelTrainingOptions,
  threshold?: number,
): Promise<Validation> {
  const batchSize = batchOfReplica(course.recipe);
  const batches = Math.ceil(validationSamples / batchSize);
  await using clips = new DrawnBatches({ ...samplesOf(course, 'val', batches * batchSize, 0), workers });
  const model = modelOn(runtime, course, threshold);
  if (course.selection === null) return await validateWhole(model, parts.backbone, clips, batches, signal);
  return await validate(model, parts, clips, batches, { signal });
}

async function refuseExisting(path: string): Promise<void> {
  const existing = await stat(path).catch(() => undefined);
  if (existing === undefined) return;
  throw new BundleExistsError(`There is already a model at ${path}.`, {
    hint: 'It is done; to train another one, choose another folder (--out) or name (--name).',
  });
}
