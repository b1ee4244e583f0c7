import { UsageError } from '#contract/errors.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { Selection } from '#native-models/bundle/manifest.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import type { ShortTrainingSizes } from './short-training.ts';

/** What the measurements of a bundle work with, whatever it sees. */
export interface BundleMeasuring extends ShortTrainingSizes {
  readonly bundle: Bundle;
  readonly runtime: InferenceRuntime;
  /** Where trainings are kept, so that an interrupted one goes on. */
  readonly cache: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (work: string, done: number, total: number) => void;
}

/**
 * @param dataSet `Motions`.
 * @throws UsageError when the bundle's classes are not those of the data set.
 */
export function requireClasses({ manifest, labels }: Bundle, dataSet: string, classes: readonly string[]): void {
  if (labels.join('\n') === classes.join('\n')) return;
  throw new UsageError(`${manifest.name} is no model of ${dataSet}: its classes are others.`, {
    hint: `The test split that these figures are about has the classes of ${dataSet}.`,
  });
}

/** @throws UsageError when the bundle has no interpreter. */
export function requireSelection({ manifest: { name, selection } }: Bundle): Selection {
  if (selection !== null) return selection;
  throw new UsageError(`${name} has no interpreter, and these figures are about interpreters.`, {
    hint: '`patchlight evaluate` judges a video model without one.',
  });
}
