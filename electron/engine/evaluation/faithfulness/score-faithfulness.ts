import type { VideoModel } from '#native-models/runtime/video-model.ts';
import { mostProbable, softmax } from '../../analysis/predictions.ts';
import { type Baseline, baselineView, type ViewGrid } from './baseline.ts';
import { type Classify, type Perturbation, type PerturbationCurve, perturbationCurve } from './perturbation.ts';

/** How well a score map tells what the prediction for one view rests on. */
export interface ScoreFaithfulness {
  /** Class of the whole view. */
  readonly predicted: number;
  readonly deletion: Readonly<Record<Baseline, PerturbationCurve>>;
  readonly insertion: Readonly<Record<Baseline, PerturbationCurve>>;
}

/**
 * Judges score maps by what the model, with every token, answers when patches of the picture are taken away or given back
 * in their order: 44 views a map.
 *
 * @param pixels One view, `[3, frames, side, side]`, normalised.
 * @param maps Scores by name, each `[patches·frames]`, patch-major: of a selector, or any other.
 * @throws what inference throws; the signal's reason
 */
export async function scoreFaithfulness<Name extends string>(
  model: VideoModel,
  pixels: Float32Array,
  maps: ReadonlyMap<Name, Float32Array>,
  signal?: AbortSignal,
): Promise<ReadonlyMap<Name, ScoreFaithfulness>> {
  const { numFrames: frames, imageSize: side, patchSize } = model.config;
  const classify: Classify = async (view) =>
    softmax(await model.classify(await model.embed(view, signal), null, signal));
  return await judgeByPerturbation({ pixels, grid: { frames, side, patchSize }, classify }, maps);
}

/** A view, and the model that answers for it. */
export interface PerturbedView {
  /** `[3, frames, side, side]`, normalised. */
  readonly pixels: Float32Array;
  readonly grid: ViewGrid;
  /** With every token. */
  readonly classify: Classify;
}

/** {@link scoreFaithfulness} of any model. */
export async function judgeByPerturbation<Name extends string>(
  { pixels, grid, classify }: PerturbedView,
  maps: ReadonlyMap<Name, Float32Array>,
): Promise<ReadonlyMap<Name, ScoreFaithfulness>> {
  const predicted = mostProbable(await classify(pixels));
  const removed = { zero: baselineView(pixels, 'zero', grid), blur: baselineView(pixels, 'blur', grid) };

  const judged = new Map<Name, ScoreFaithfulness>();
  for (const [name, scores] of maps) {
    const curve = (perturbation: Perturbation, baseline: Baseline) =>
      perturbationCurve(perturbation, { view: pixels, removed: removed[baseline], grid, predicted }, scores, classify);
    judged.set(name, {
      predicted,
      deletion: { zero: await curve('deletion', 'zero'), blur: await curve('deletion', 'blur') },
      insertion: { zero: await curve('insertion', 'zero'), blur: await curve('insertion', 'blur') },
    });
  }
  return judged;
}
