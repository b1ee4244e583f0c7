import { join } from 'node:path';
import { TemporaryFolder } from '#engine/measurement/temporary-folder.ts';
import type { InterpreterKind, Selection } from '#native-models/bundle/manifest.ts';
import { expectedParameters } from '#native-models/bundle/parameters.ts';
import { writeBundle } from '#native-models/bundle/write-bundle.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import { DrawnBatches } from '#native-models/training/drawn-batches.ts';
import { initialParameters } from '#native-models/training/initial-parameters.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type ModelParts, trainPhases } from '#native-models/training/train-phases.ts';
import { type ShortTrainingWay, shortPhase, TRAINING_SAMPLES, TRAINING_SEED } from '../results/short-training.ts';
import type { Measuring } from './measuring.ts';

/** In what the short trainings of a table differ. */
export interface ShortTrainingChoice extends Omit<ShortTrainingWay, 'group'> {
  /** As the bundle's when left out. */
  readonly interpreter?: InterpreterKind;
}

export const SHORT_TRAINING_NOTE =
  "Each row is a short training of an interpreter of its own, from random weights and without a fine-tune phase, on this bundle's backbone, which is held fixed: the rows compare with each other, not with the bundle's own interpreter.";

/**
 * Trains an interpreter from nothing by one policy phase, the backbone of the bundle held fixed, and lets `use` have the
 * model with it. An interrupted training goes on where it was.
 *
 * @param name Tells the training from the others.
 */
export async function withShortTraining<T>(
  name: string,
  choice: ShortTrainingChoice,
  measuring: Measuring,
  use: (model: VideoModel) => Promise<T>,
): Promise<T> {
  const { bundle, runtime, model, signal } = measuring;
  const selection = selectionOf(measuring, choice);
  const isInterpreter = (parameter: string) => parameter.startsWith('interpreter.');
  const fresh = initialParameters(model.config, selection, TRAINING_SEED).only(isInterpreter);
  const backbone = (await bundleParameters(bundle)).only((parameter) => !isInterpreter(parameter));
  const { interpreter } = await train(name, choice, { backbone, interpreter: fresh }, measuring);

  await using folder = await TemporaryFolder.create('patchlight-results-');
  const { formatVersion: _, name: __, weights: ___, labels: ____, ...manifest } = bundle.manifest;
  const tensors = [...expectedParameters(model.config, selection)].map(([parameter, shape]) => ({
    name: parameter,
    dtype: 'F32' as const,
    shape,
    data: () => [bytesOf((isInterpreter(parameter) ? interpreter : backbone).get(parameter))],
  }));
  const trained = await writeBundle(
    join(folder.path, 'trained'),
    { manifest: { ...manifest, selection }, labels: bundle.labels, tensors },
    { signal },
  );
  return await use(new VideoModel(trained, runtime));
}

async function train(
  name: string,
  choice: ShortTrainingChoice,
  start: ModelParts,
  measuring: Measuring,
): Promise<ModelParts> {
  const { bundle, runtime, model, steps, batch, learningRate, cache, signal, onProgress } = measuring;
  const { numFrames, imageSize, patchSize } = model.config;
  const selecting = new SelectingModel({
    runtime,
    config: model.config,
    selection: selectionOf(measuring, choice),
    batchSize: batch,
  });
  await using clips = new DrawnBatches({
    data: 'motions',
    split: 'train',
    samples: TRAINING_SAMPLES,
    batchSize: batch,
    frames: numFrames,
    size: imageSize,
    patchSize,
    preprocessing: bundle.manifest.preprocessing,
    seed: TRAINING_SEED,
  });
  const { interpreter: _, ...way } = choice;
  const phase = shortPhase(way, measuring);
  const sha = bundle.manifest.weights.sha256.slice(0, 12);
  const directory = join(cache, `${bundle.manifest.name}-${sha}`, `${name}-${steps}x${batch}-${learningRate}`);
  const labels = { kind: 'given' } as const;
  for await (const event of trainPhases({
    model: selecting,
    start,
    clips,
    labels,
    phases: [phase],
    directory,
    signal,
  })) {
    if (event.kind === 'done') return event.parts;
    if (event.kind === 'phase' && event.event.kind === 'step') onProgress(`training ${name}`, event.event.step, steps);
  }
  throw new Error('The training did not end.');
}

function selectionOf({ bundle }: Measuring, { interpreter }: ShortTrainingChoice): Selection {
  const { selection } = bundle.manifest;
  if (selection === null) throw new Error('The bundle has no interpreter.');
  return interpreter === undefined ? selection : { ...selection, interpreter };
}

function bytesOf(values: Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
