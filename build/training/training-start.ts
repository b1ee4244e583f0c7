import { UsageError } from '#contract/errors.ts';
import { isProjection } from '#native-models/architectures/linformer.ts';
import { loadBundle } from '#native-models/bundle/load-bundle.ts';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import { initialParameters } from '#native-models/training/initial-parameters.ts';
import type { ModelParts } from '#native-models/training/train-phases.ts';
import type { ModelTrainingOptions } from './training.ts';

/** The bundle that a training went on from, and how that came about. */
export interface TrainingStart {
  readonly weightsSha256: string;
  readonly training: unknown;
}

/**
 * What a training begins with: the weights of a bundle, or random ones.
 *
 * @throws UsageError when the bundle to go on from is of another architecture.
 */
export async function startOf({
  course,
  start,
}: ModelTrainingOptions): Promise<ModelParts & { readonly from: TrainingStart | null }> {
  const parameters = initialParameters(course.architecture, course.selection, course.recipe.seed);
  let from: TrainingStart | null = null;
  if (start !== null) {
    const bundle = await loadBundle(start);
    from = { weightsSha256: bundle.manifest.weights.sha256, training: bundle.manifest.training ?? null };
    const known = await bundleParameters(bundle);
    for (const [name, values] of parameters.tensors) {
      // Another attention begins where it would without a start.
      if (isProjection(name) && !known.tensors.has(name)) continue;
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
