import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { Selection } from '#native-models/bundle/manifest.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { shapeClasses } from '#native-models/shapes/classes.ts';
import { type BundleMeasuring, requireClasses, requireSelection } from '../results/measuring.ts';
import type { ShortTrainingSizes } from '../results/short-training.ts';

/** How much is measured. */
export interface Extent extends ShortTrainingSizes {
  /** Images of the test split, from its first on: each 12 that follow each other have every class once. */
  readonly images: number;
}

/** What the measurements of a bundle work with. */
export interface Measuring extends Extent, BundleMeasuring {
  readonly model: ImageModel;
  /** Groups and threshold of its interpreters. */
  readonly selection: Selection;
  /** Other models of Shapes. */
  readonly peers: readonly Bundle[];
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
  requireClasses(bundle, 'Shapes', shapeClasses);
  const selection = requireSelection(bundle);
  return { bundle, runtime, model: new ImageModel(bundle, runtime), selection, ...rest };
}
