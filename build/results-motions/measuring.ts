import { UsageError } from '#contract/errors.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { videoConfig } from '#native-models/bundle/model-kind.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { type BundleMeasuring, requireClasses, requireSelection } from '../results/measuring.ts';
import type { ShortTrainingSizes } from '../results/short-training.ts';

/** How much is measured. */
export interface Extent extends ShortTrainingSizes {
  /** Clips of the test split, from its first on: each 18 that follow each other have every class once. */
  readonly clips: number;
  /** How many of them get curves, which take 44 views a score map. */
  readonly curveClips: number;
}

/** What the measurements of a bundle work with. */
export interface Measuring extends Extent, BundleMeasuring {
  /** With its interpreter. */
  readonly model: VideoModel;
  /** The same weights without one, which is what the interpreter is held against. */
  readonly full: VideoModel;
  /** A model that was trained on single frames, if there is one. */
  readonly singleFrame: Bundle | null;
}

/**
 * @throws UsageError when the bundle is no model of Motions with an interpreter, or that for single frames sees more of them.
 * @throws ModelKindError when one of them is an image model.
 */
export function measuringOf(
  bundle: Bundle,
  runtime: InferenceRuntime,
  rest: Omit<Measuring, 'bundle' | 'runtime' | 'model' | 'full'>,
): Measuring {
  requireClasses(bundle, 'Motions', motionClasses);
  requireSelection(bundle);
  if (rest.singleFrame !== null) requireSingleFrame(rest.singleFrame);
  const model = new VideoModel(bundle, runtime);
  const full = new VideoModel({ ...bundle, manifest: { ...bundle.manifest, selection: null } }, runtime);
  return { bundle, runtime, model, full, ...rest };
}

function requireSingleFrame(bundle: Bundle): void {
  requireClasses(bundle, 'Motions', motionClasses);
  const { numFrames } = videoConfig(bundle.manifest);
  if (numFrames === 1) return;
  throw new UsageError(`${bundle.manifest.name} sees ${numFrames} frames of a clip, not one.`, {
    hint: 'Train one that sees a single frame: `npm run train:motions -- --frames 1 --interpreter none`.',
  });
}

/** Sessions that are in memory at the same time: stems, trunks, score maps and the graphs of a training. */
export const SESSIONS = 10;
