import type { ClipResult, Crop, ViewScores } from '#contract/analysis.ts';
import type { TokenSelection } from '#native-models/selection/keep.ts';
import type { DecodedClip } from '../video/decode.ts';
import type { ViewInProgress } from './choose-tokens.ts';

const CROPS: readonly Crop[] = ['left', 'center', 'right'];

/** What a clip's result says about the clip itself. */
export type ClipFacts = Pick<ClipResult, 'index' | 'startSeconds' | 'endSeconds' | 'frameIndices' | 'frameSeconds'>;

/** One crop of a decoded clip after the stem: all that choosing tokens needs. */
export interface ClipView extends ViewInProgress {
  readonly clip: ClipFacts;
  readonly crop: Crop;
  readonly origin: readonly [number, number];
  /** Of the scaled frame. */
  readonly frameSize: readonly [number, number];
}

export function factsOf({ clip, frameIndices, frameSeconds }: DecodedClip): ClipFacts {
  const { index, startSeconds, endSeconds } = clip;
  return { index, startSeconds, endSeconds, frameIndices: [...frameIndices], frameSeconds: [...frameSeconds] };
}

/** Numbers the views of an analysis, whichever of them are run. */
export function viewStream(clip: number, crop: Crop): number {
  return clip * CROPS.length + CROPS.indexOf(crop);
}

/** Scores of a view with where and when they are. */
export function placedScores(view: ClipView, scores: Float32Array): Omit<ViewScores, 'kept'> {
  const { clip, crop, origin, frameSize } = view;
  const { index, startSeconds, endSeconds, frameSeconds } = clip;
  return { clip: index, crop, origin, frameSize, startSeconds, endSeconds, frameSeconds, scores };
}

/** What is told of a view as soon as its tokens are chosen. */
export function scoresOf(view: ClipView, { scores, kept }: TokenSelection): ViewScores {
  return { ...placedScores(view, scores), kept };
}
