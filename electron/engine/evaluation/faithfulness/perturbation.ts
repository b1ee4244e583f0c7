import type { ViewGrid } from './baseline.ts';

/** Class probabilities, `[classes]`, of a view `[3, frames, side, side]`. */
export type Classify = (view: Float32Array) => Promise<Float32Array>;

/**
 * Deletion takes patches away from the whole view, insertion gives them back to the baseline; both the highest score
 * first. A faithful map has a low curve under deletion and a high one under insertion.
 */
export type Perturbation = 'deletion' | 'insertion';

export interface PerturbationCurve {
  /** Shares of the patches that were taken away or given back, 0 … 1 in steps of a tenth. */
  readonly shares: readonly number[];
  /** Probability, at each, of the class that is predicted for the whole view. */
  readonly probabilities: readonly number[];
  /** Area under the curve by the trapezoidal rule, 0 … 1. */
  readonly auc: number;
}

/** Steps of a tenth, in which maps of transformers are usually judged. */
const SHARES: readonly number[] = Array.from({ length: 11 }, (_, i) => i / 10);

/**
 * Patch tokens from the highest score to the lowest; of equal scores the earlier comes first.
 *
 * @param scores `[patches·frames]`, patch-major.
 */
function relevanceOrder(scores: Float32Array): Uint32Array {
  return Uint32Array.from(scores, (_, token) => token).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
}

/**
 * The views along a perturbation: at each share the patches that come first in `order` are those of `to`, the others
 * those of `from`. The array that is given is the same every time, further on.
 */
function* perturbedViews(
  from: Float32Array,
  to: Float32Array,
  order: Uint32Array,
  grid: ViewGrid,
): Generator<Float32Array, void, undefined> {
  const view = from.slice();
  let done = 0;
  for (const share of SHARES) {
    const count = Math.round(share * order.length);
    for (; done < count; done++) copyPatch(to, view, order[done] ?? 0, grid);
    yield view;
  }
}

/** Copies one patch of one frame, all channels. Tokens are patch-major, the frame fastest. */
function copyPatch(from: Float32Array, to: Float32Array, token: number, { frames, side, patchSize }: ViewGrid): void {
  const across = side / patchSize;
  const frame = token % frames;
  const patch = Math.floor(token / frames);
  const [top, left] = [Math.floor(patch / across) * patchSize, (patch % across) * patchSize];
  for (let channel = 0; channel < 3; channel++) {
    for (let y = top; y < top + patchSize; y++) {
      const row = ((channel * frames + frame) * side + y) * side + left;
      to.set(from.subarray(row, row + patchSize), row);
    }
  }
}

/** The curve through the probabilities at SHARES. */
function curveOf(probabilities: readonly number[]): PerturbationCurve {
  let auc = 0;
  for (let i = 1; i < SHARES.length; i++) {
    const width = (SHARES[i] ?? 0) - (SHARES[i - 1] ?? 0);
    auc += (width * ((probabilities[i - 1] ?? 0) + (probabilities[i] ?? 0))) / 2;
  }
  return { shares: SHARES, probabilities, auc };
}

/** What patches are taken from or given back to. */
export interface PerturbationSubject {
  /** `[3, frames, side, side]`, normalised. */
  readonly view: Float32Array;
  /** The same with everything removed: see `baselineView`. */
  readonly removed: Float32Array;
  readonly grid: ViewGrid;
  /** The class in question: that of the whole view. */
  readonly predicted: number;
}

/**
 * How the probability of the predicted class goes when patches are taken away, or given back, in the order of their
 * scores (Petsiuk, Das, Saenko, *RISE*, BMVC 2018, section 4.2, with patches instead of pixels).
 *
 * @param scores `[patches·frames]`, patch-major.
 * @param classify Called once for each of SHARES, one after the other.
 */
export async function perturbationCurve(
  perturbation: Perturbation,
  { view, removed, grid, predicted }: PerturbationSubject,
  scores: Float32Array,
  classify: Classify,
): Promise<PerturbationCurve> {
  const [from, to] = perturbation === 'deletion' ? [view, removed] : [removed, view];
  const probabilities: number[] = [];
  for (const step of perturbedViews(from, to, relevanceOrder(scores), grid)) {
    probabilities.push((await classify(step))[predicted] ?? 0);
  }
  return curveOf(probabilities);
}
