import { UsageError } from '#contract/errors.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { Selection } from '#native-models/bundle/manifest.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { shapeClasses } from '#native-models/shapes/classes.ts';

/** What the measurements of a bundle work with. */
export interface Measuring {
  readonly bundle: Bundle;
  readonly runtime: InferenceRuntime;
  readonly model: ImageModel;
  /** Groups and threshold of its interpreters. */
  readonly selection: Selection;
  /** Images of the test split, from its first on: each 12 that follow each other have every class once. */
  readonly images: number;
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
  rest: Pick<Measuring, 'images' | 'signal' | 'onProgress'>,
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
