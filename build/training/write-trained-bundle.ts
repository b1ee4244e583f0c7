import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { expectedParameters } from '#native-models/bundle/parameters.ts';
import { writeBundle } from '#native-models/bundle/write-bundle.ts';
import type { TensorEntry } from '#native-models/checkpoints/write-safetensors.ts';
import type { ModelParts } from '#native-models/training/train-phases.ts';
import { type Course, versionOf } from './course.ts';
import type { TrainingSummary } from './training.ts';

/**
 * Writes what was trained as a bundle with weights in half precision.
 *
 * @throws BundleExistsError, BundleInvalidError as {@link writeBundle} does.
 */
export function writeTrainedBundle(
  directory: string,
  course: Course,
  { backbone, interpreter }: ModelParts,
  summary: TrainingSummary,
  signal?: AbortSignal,
): Promise<Bundle> {
  const { architecture, data } = course;
  const { threshold } = summary;
  const selection = course.selection && { ...course.selection, threshold: threshold ?? course.selection.threshold };
  const tensors = [...expectedParameters(architecture, selection)].map(([name, shape]): TensorEntry => {
    const values = (name.startsWith('interpreter.') ? interpreter : backbone).get(name);
    return { name, dtype: 'F16', shape, data: () => [new Uint8Array(Float16Array.from(values).buffer)] };
  });
  const { title, sampling, preprocessing, labels, about } = course.bundle;
  const manifest = {
    title,
    architecture,
    preprocessing,
    sampling,
    selection,
    trained: true,
    training: { dataSet: data.data, dataSetVersion: versionOf(course), ...summary },
    licence: { name: 'Apache-2.0', source: null },
  };
  const notes = [about, recipeNote(course, summary), resultNote(course, summary)];
  return writeBundle(directory, { manifest, labels, tensors, notes }, { signal });
}

function recipeNote(course: Course, summary: TrainingSummary): string {
  const { start, steps, threshold, backboneSeconds, selectionSeconds } = summary;
  const { recipe, turns, data } = course;
  const hours = (seconds: number) => `${(seconds / 3600).toFixed(1)} hours`;
  const from = start === null ? 'from random weights' : 'going on from an earlier training that the manifest tells of';
  const backbone =
    backboneSeconds === 0
      ? 'The backbone is that of an earlier training, which the manifest tells of.'
      : `First the backbone, ${from} and in ${hours(backboneSeconds)}, by cross-entropy, with losses that ask of each patch what it shows of the figure, and on ever more of the patches.`;
  const command = `**Recipe.** \`npm run train:${data.data}\`, ${steps} steps of up to ${recipe.batch} ${unit(course)}.`;
  if (course.selection === null) return `${command} ${backbone}`;
  const { threshold: trained, interpreter = 'token' } = course.selection;
  const learning = recipe.estimator === 'gumbel' ? 'straight-through Gumbel' : 'REINFORCE';
  const reward = `${learning} on the reward (${recipe.reward}, τ ${recipe.tau})`;
  const spent = hours(selectionSeconds);
  const selection =
    turns.kind === 'groups'
      ? `Then, in ${spent}, algorithm 1 of IA-RED²: group by group the interpreter by ${reward}, and the blocks from there on by cross-entropy on what is kept.`
      : `Then, ${turns.count === 1 ? 'once' : `${turns.count} times in turn`} and in ${spent}, the interpreter (${interpreter}) by ${reward}, and the blocks on all patches or those that it keeps.`;
  const lowered =
    threshold === trained
      ? ''
      : ` The threshold was lowered from ${trained} to ${threshold}, the highest tried at which validation ${unit(course)} lost little.`;
  return `${command} ${backbone} ${selection}${lowered}`;
}

function resultNote(course: Course, { validation }: TrainingSummary): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const full = `**Results** on ${validation.clips} ${unit(course)} of the validation split, one view each: ${percent(validation.fullAccuracy)} right with all patches`;
  if (course.selection === null) return `${full}.`;
  return `${full}; ${percent(validation.accuracy)} with those that the interpreter keeps, ${percent(validation.keepRatio)} of them.`;
}

const unit = ({ data }: Course): string => (data.frames === 1 ? 'images' : 'clips');
