import type { ClipResult, ViewScores } from '#contract/analysis.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { Selector } from '#native-models/selection/selector.ts';
import { chooseTokens } from './choose-tokens.ts';
import { type ClipView, scoresOf } from './clip-view.ts';
import { softmax } from './predictions.ts';
import { fullGmacs, runTrunk, viewGmacs } from './run-trunk.ts';
import { type FinishedView, Tally } from './tally.ts';

/** One clip with its tokens chosen anew. */
export interface ReselectedClip {
  readonly clip: ClipResult;
  /** `[views, classes]`, softmax, views in the order of `clip.views`. */
  readonly probabilities: Float32Array;
  readonly scores: readonly ViewScores[];
}

/**
 * The result of a clip with other tokens kept: only the trunk runs, and the selector where its scores are not the stem's.
 *
 * @param views All views of the clip.
 * @throws what choosing and inference throw, the signal's reason
 */
export async function reselectClip(
  model: VideoModel,
  views: readonly [ClipView, ...ClipView[]],
  selector: Selector,
  topK: number,
  signal?: AbortSignal,
): Promise<ReselectedClip> {
  const finished: FinishedView[] = [];
  const scores: ViewScores[] = [];
  for (const view of views) {
    const selection = await chooseTokens(model, selector, view, signal);
    const { kept } = selection;
    const probabilities = softmax(await runTrunk(model, selector, view.embedded, kept, signal));
    const gmacs = viewGmacs(model, selector, kept);
    const counts = { keptTokens: kept.length, totalTokens: model.tokenCount, gmacs, gmacsFull: fullGmacs(model) };
    finished.push({ crop: view.crop, origin: view.origin, ...counts, probabilities });
    scores.push(scoresOf(view, selection));
  }
  return { ...new Tally(model.bundle.labels, topK).clip(views[0].clip, finished), scores };
}
