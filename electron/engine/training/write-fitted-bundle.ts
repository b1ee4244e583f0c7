import { basename } from 'node:path';
import type { TrainingReport } from '#contract/training.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { Selection } from '#native-models/bundle/manifest.ts';
import { expectedParameters } from '#native-models/bundle/parameters.ts';
import { writeBundle } from '#native-models/bundle/write-bundle.ts';
import type { TensorEntry } from '#native-models/checkpoints/write-safetensors.ts';
import { isInterpreter } from '#native-models/training/fresh-interpreter.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import type { ModelParts } from '#native-models/training/train-phases.ts';
import { fittedTitle, fittingNotes } from './fitting-notes.ts';

export type FittingFacts = Omit<TrainingReport, 'bundle'>;

export interface FittedModel {
  /** The model that selection was fitted to. */
  readonly source: Bundle;
  readonly parts: ModelParts;
  /** The source's backbone. */
  readonly full: ParameterSet;
  readonly selection: Selection;
  readonly facts: FittingFacts;
}

/**
 * Writes what was trained as a bundle: the source's weights as they were stored, those that were fine-tuned and the
 * interpreter in single precision.
 *
 * @throws BundleExistsError, BundleInvalidError as {@link writeBundle} does.
 */
export function writeFittedBundle(
  directory: string,
  { source, parts, full, selection, facts }: FittedModel,
  signal?: AbortSignal,
): Promise<Bundle> {
  const { architecture, preprocessing, sampling, licence, trained, training, weights } = source.manifest;
  const tensors = [...expectedParameters(architecture, selection)].map(([name, shape]): TensorEntry => {
    if (isInterpreter(name)) return single(name, shape, parts.interpreter.get(name));
    const values = parts.backbone.get(name);
    const isHalf = source.tensors.get(name)?.dtype === 'float16' && same(values, full.get(name));
    return isHalf ? half(name, shape, values) : single(name, shape, values);
  });
  const { data, recipe, ...results } = facts;
  const manifest = {
    title: fittedTitle(source),
    architecture,
    preprocessing,
    sampling,
    selection: { ...selection, threshold: facts.threshold },
    trained: trained || (!recipe.pseudoLabels && Number(recipe.fineTuneSteps) > 0),
    training: {
      method: 'IA-RED²',
      source: { name: source.manifest.name, weightsSha256: weights.sha256, training },
      // Where the videos lie is nobody's business.
      data: { ...data, path: basename(data.path) },
      recipe,
      results: { ...results },
    },
    licence,
  };
  return writeBundle(
    directory,
    { manifest, labels: source.labels, tensors, notes: fittingNotes(source, facts) },
    { signal },
  );
}

function single(name: string, shape: readonly number[], values: Float32Array): TensorEntry {
  const { buffer, byteOffset, byteLength } = values;
  return { name, dtype: 'F32', shape, data: () => [new Uint8Array(buffer, byteOffset, byteLength)] };
}

function half(name: string, shape: readonly number[], values: Float32Array): TensorEntry {
  return { name, dtype: 'F16', shape, data: () => [new Uint8Array(Float16Array.from(values).buffer)] };
}

function same(a: Float32Array, b: Float32Array): boolean {
  return a.every((value, i) => Object.is(value, b[i]));
}
