import type { ClipResult } from '#contract/analysis.ts';
import type { ClipView } from './clip-view.ts';

/** What an earlier run of the same analysis found out about one clip. */
export interface FinishedClip {
  readonly clip: ClipResult;
  /** `[views, classes]`, softmax, views in the order of `clip.views`. */
  readonly probabilities: Float32Array;
}

/** In which order an analysis is worked through, and what of it is done already. Nothing of it changes the results. */
export interface AnalysisCourse {
  /** Clips nearest to it come first; from the beginning when left out. */
  readonly fromSeconds?: number | undefined;
  /** By clip index. They count in the summary and are not given again. */
  readonly finished?: ReadonlyMap<number, FinishedClip> | undefined;
  /** Told of every view between stem and trunk, so that it can be kept for choosing its tokens anew. */
  readonly onView?: ((view: ClipView) => void) | undefined;
}
