import { type ClassifiedClip, type IntervalRule, probabilitiesOf, type TimeSpan } from '#contract/intervals.ts';
import type { ClipAtHand } from '../state/analysis.svelte.ts';

/** One clip as the lanes show it. */
export interface TimelineClip extends TimeSpan {
  readonly index: number;
  /** `[classes]`, softmax; null while there are only scores. */
  readonly probabilities: Float32Array | null;
  /** Share of the patches that was kept, 0 … 1. */
  readonly keepRatio: number;
  /** Whether one clip and three have the same winner; null where only one crop was run, or is known. */
  readonly agrees: boolean | null;
}

export interface AnalysedClip extends TimelineClip {
  readonly probabilities: Float32Array;
}

type Basis = IntervalRule['basis'];

const known: Readonly<Record<Basis, WeakMap<ClipAtHand, TimelineClip | null>>> = {
  oneClip: new WeakMap(),
  threeClip: new WeakMap(),
};

/** What is known of the clips so far, in the order of time. Each is worked out once. */
export function timelineClips(clips: readonly (ClipAtHand | undefined)[], basis: Basis): readonly TimelineClip[] {
  return clips.flatMap((clip) => {
    if (clip === undefined) return [];
    let found = known[basis].get(clip);
    if (found === undefined) {
      found = timelineClip(clip, basis);
      known[basis].set(clip, found);
    }
    return found ?? [];
  });
}

/** Those of which the answer is there. */
export function analysedClips(clips: readonly TimelineClip[]): readonly (AnalysedClip & ClassifiedClip)[] {
  return clips.filter((clip): clip is AnalysedClip => clip.probabilities !== null);
}

function timelineClip({ scores, result, probabilities }: ClipAtHand, basis: Basis): TimelineClip | null {
  if (result === null) {
    const views = Object.values(scores);
    const [first] = views;
    if (first === undefined) return null;
    const { clip: index, startSeconds, endSeconds } = first;
    const counted = basis === 'oneClip' ? views.filter(({ crop }) => crop === 'center') : views;
    if (counted.length === 0) return null;
    const keepRatio = ratio(counted.map((view) => [view.kept.length, view.scores.length]));
    return { index, startSeconds, endSeconds, probabilities: null, keepRatio, agrees: null };
  }
  const { index, startSeconds, endSeconds, views, threeClip } = result;
  const counted = basis === 'oneClip' ? views.filter(({ crop }) => crop === 'center') : views;
  return {
    ...{ index, startSeconds, endSeconds },
    probabilities: probabilities === null ? null : probabilitiesOf(result, probabilities, basis),
    keepRatio: ratio(counted.map(({ keptTokens, totalTokens }) => [keptTokens, totalTokens])),
    agrees: threeClip?.agrees ?? null,
  };
}

function ratio(counts: readonly (readonly [kept: number, all: number])[]): number {
  const [kept, all] = counts.reduce(([k, a], [kept, all]) => [k + kept, a + all], [0, 0]);
  return all === 0 ? 0 : kept / all;
}
