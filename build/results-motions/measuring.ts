import { UsageError } from '#contract/errors.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';

/** How much is measured. */
export interface Extent {
  /** Clips of the test split, from its first on: each 18 that follow each other have every class once. */
  readonly clips: number;
  /** How many of them get curves, which take 44 views a score map. */
  readonly curveClips: number;
  /** Steps of each short training of an interpreter. */
  readonly steps: number;
  /** Clips of a step. */
  readonly batch: number;
  /** Peak learning rate of the interpreters. */
  readonly learningRate: number;
}

/** What the measurements of a bundle work with. */
export interface Measuring extends Extent {
  readonly bundle: Bundle;
  readonly runtime: InferenceRuntime;
  /** With its interpreter. */
  readonly model: VideoModel;
  /** The same weights without one, which is what the interpreter is held against. */
  readonly full: VideoModel;
  /** Where trainings are kept, so that an interrupted one goes on. */
  readonly cache: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress: (work: string, done: number, total: number) => void;
}

/**
 * @throws UsageError when the bundle is no model of Motions with an interpreter.
 * @throws ModelKindError when it is an image model.
 */
export function measuringOf(
  bundle: Bundle,
  runtime: InferenceRuntime,
  rest: Omit<Measuring, 'bundle' | 'runtime' | 'model' | 'full'>,
): Measuring {
  const { manifest, labels } = bundle;
  if (labels.join('\n') !== motionClasses.join('\n')) {
    throw new UsageError(`${manifest.name} is no model of Motions: its classes are others.`, {
      hint: 'The test split that these figures are about has the classes of Motions.',
    });
  }
  if (manifest.selection === null) {
    throw new UsageError(`${manifest.name} has no interpreter, and these figures are about interpreters.`, {
      hint: '`patchlight evaluate` judges a model without one.',
    });
  }
  const model = new VideoModel(bundle, runtime);
  const full = new VideoModel({ ...bundle, manifest: { ...manifest, selection: null } }, runtime);
  return { bundle, runtime, model, full, ...rest };
}

/** Sessions that are in memory at the same time: stems, trunks, score maps and the graphs of a training. */
export const SESSIONS = 10;
