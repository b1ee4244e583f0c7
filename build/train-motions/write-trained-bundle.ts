import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { expectedParameters } from '#native-models/bundle/parameters.ts';
import { defaultPreprocessing, defaultSampling } from '#native-models/bundle/preparation.ts';
import { writeBundle } from '#native-models/bundle/write-bundle.ts';
import type { TensorEntry } from '#native-models/checkpoints/write-safetensors.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
import { sceneFrames } from '#native-models/motions/scene/clock.ts';
import { motionsVersion } from '#native-models/motions/version.ts';
import type { ModelParts } from '#native-models/training/train-phases.ts';
import type { Validation } from '#native-models/training/validate.ts';
import { configOf, type Recipe, selectionOf } from './recipe.ts';
import type { TrainingStart } from './training-start.ts';

/** How a model came about. */
export interface TrainingSummary {
  readonly recipe: Recipe;
  /** What it went on from; `null` for random weights. */
  readonly start: TrainingStart | null;
  /** Of all phases together. */
  readonly steps: number;
  /** Spent on the steps of the backbone, over all sittings. */
  readonly backboneSeconds: number;
  /** The same of the phases after it. */
  readonly selectionSeconds: number;
  /** Patches that score above it are kept. */
  readonly threshold: number;
  /** At this threshold. */
  readonly validation: Validation;
}

/**
 * Writes what was trained as a bundle with weights in half precision.
 *
 * @throws BundleExistsError, BundleInvalidError as {@link writeBundle} does.
 */
export function writeTrainedBundle(
  directory: string,
  { backbone, interpreter }: ModelParts,
  summary: TrainingSummary,
  signal?: AbortSignal,
): Promise<Bundle> {
  const architecture = configOf(summary.recipe);
  const selection = { ...selectionOf(summary.recipe), threshold: summary.threshold };
  const tensors = [...expectedParameters(architecture, selection)].map(([name, shape]): TensorEntry => {
    const values = (name.startsWith('interpreter.') ? interpreter : backbone).get(name);
    return { name, dtype: 'F16', shape, data: () => [new Uint8Array(Float16Array.from(values).buffer)] };
  });
  const manifest = {
    title: 'Motions, tiny TimeSformer with patch selection',
    architecture,
    preprocessing: defaultPreprocessing(architecture),
    sampling: defaultSampling(architecture, sceneFrames / architecture.numFrames),
    selection,
    trained: true,
    training: { dataSet: 'motions', dataSetVersion: motionsVersion, ...summary },
    licence: { name: 'Apache-2.0', source: null },
  };
  return writeBundle(directory, { manifest, labels: motionClasses, tensors, notes: notesOf(summary) }, { signal });
}

function notesOf({ recipe, start, steps, threshold, validation, ...spent }: TrainingSummary): string[] {
  const { backboneSeconds, selectionSeconds } = spent;
  const hours = (seconds: number) => `${(seconds / 3600).toFixed(1)} hours`;
  const from = start === null ? 'from random weights' : 'going on from an earlier training that the manifest tells of';
  const backbone =
    backboneSeconds === 0
      ? 'The backbone is that of an earlier training, which the manifest tells of.'
      : `First the backbone, ${from} and in ${hours(backboneSeconds)}, by cross-entropy, with losses that ask of each patch which regions of a body it shows, and on ever more of a clip's patches.`;
  const learning = recipe.estimator === 'gumbel' ? 'straight-through Gumbel' : 'REINFORCE';
  const { threshold: trained } = selectionOf(recipe);
  const lowered =
    threshold === trained
      ? ''
      : ` The threshold was lowered from ${trained} to ${threshold}, the highest tried at which validation clips lost little.`;
  const turns = recipe.rounds === 1 ? 'once' : `${recipe.rounds} times in turn`;
  const selection = `Then, ${turns} and in ${hours(selectionSeconds)}, the interpreter (${recipe.interpreter}) by ${learning} on the reward (${recipe.reward}, τ ${recipe.tau}), and the blocks on all patches or those that it keeps.${lowered}`;
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    `**Data.** Motions, version ${motionsVersion}: clips of drawn figures in front of drawn backgrounds, made by this project. It knows these figures; of real people it has seen none.`,
    `**Recipe.** \`npm run train:motions\`, ${steps} steps of up to ${recipe.batch} clips. ${backbone} ${selection}`,
    `**Results** on ${validation.clips} clips of the validation split, one view each: ${percent(validation.fullAccuracy)} right with all patches; ${percent(validation.accuracy)} with those that the interpreter keeps, ${percent(validation.keepRatio)} of them.`,
  ];
}
