import { UsageError } from '#contract/errors.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { Selection } from '#native-models/bundle/manifest.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { shapeClasses } from '#native-models/shapes/classes.ts';

/** How much is measured. */
export interface Extent {
  /** Images of the test split, from its first on: each 12 that follow each other have every class once. */
  readonly images: number;
  /** Steps of each short training of an interpreter. */
  readonly steps: number;
  /** Images of a step. */
  readonly batch: number;
  /** Peak learning rate of the interpreters. */
  readonly learningRate: number;
}

/** What the measurements of a bundle work with. */
export interface Measuring extends Extent {
  readonly bundle: Bundle;
  readonly runtime: InferenceRuntime;
  readonly model: ImageModel;
  /** Groups and threshold of its interpreters. */
  readonly selection: Selection;
  /** Other models of Shapes. */
  readonly peers: readonly Bundle[];
  /** Where trainings are kept, so that an interrupted one goes on. */
  readonly cache: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (work: string, done: number, total: number) => void;
}

/**
 * @throws UsageError when the bundle is no model of Shapes with interpreters.
 * @throws ModelKindError when it is a video model.
 */
export function measuringOf(
  bundle: Bundle,
  runtime: InferenceRuntime,
  rest: Omit<Measuring, 'bundle' | 'runtime' | 'model' | 'selection'>,
): Measuring {
  const { manifest, labels } = bundle;
  if (labels.join('\n') !== shapeClasses.join('\n')) {
    throw new UsageError(`${manifest.name} is no model of Shapes: its classes are others.`, {
      hint: 'The test split that these figures are about has the classes of Shapes.',
    });
  }
  const { selection } = manifest;
  if (selection === null) {
    throw new UsageError(`${manifest.name} has no interpreters, and these figures are about interpreters.`);
  }
  return { bundle, runtime, model: new ImageModel(bundle, runtime), selection, ...rest };
}
