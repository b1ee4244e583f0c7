import { z } from 'zod';
import type { ClipResult } from './analysis.ts';
import { smoothingSchema, winners } from './smoothing.ts';

/**
 * From clips to action intervals: the one rule that timeline, subtitles and reports share, so that all of them say the same.
 */
export const intervalRuleSchema = z.object({
  /** The centre crop alone, or the mean over the crops where three were run. */
  basis: z.enum(['oneClip', 'threeClip']),
  smoothing: smoothingSchema,
  /** Where the winner has less there is a gap: the model does not know. */
  minimumProbability: z.number().min(0).max(1),
});
export type IntervalRule = z.infer<typeof intervalRuleSchema>;

export const DEFAULT_INTERVAL_RULE: IntervalRule = {
  basis: 'threeClip',
  smoothing: { kind: 'none', clips: 3 },
  minimumProbability: 0.25,
};

export interface TimeSpan {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** A clip with one probability for each class. */
export interface ClassifiedClip extends TimeSpan {
  readonly index: number;
  /** `[classes]`, softmax. */
  readonly probabilities: Float32Array;
}

/** A span of time in which the same action wins. */
export interface ActionInterval extends TimeSpan {
  readonly classIndex: number;
  /** Mean over its clips, after smoothing. */
  readonly probability: number;
  /** Indices of its first and last clip. */
  readonly firstClip: number;
  readonly lastClip: number;
}

/** Clips that lie less than this apart touch: their times are sums of rounded numbers. */
const TOUCHING_SECONDS = 1e-3;

/**
 * The probabilities that one clip goes by.
 *
 * @param probabilities `[views, classes]`, softmax, views in the order of `views`.
 * @returns `[classes]`
 */
export function probabilitiesOf(
  { views }: Pick<ClipResult, 'views'>,
  probabilities: Float32Array,
  basis: IntervalRule['basis'],
): Float32Array {
  const classes = probabilities.length / views.length;
  if (basis === 'oneClip' || views.length === 1) {
    const centre = Math.max(
      0,
      views.findIndex(({ crop }) => crop === 'center'),
    );
    return probabilities.subarray(centre * classes, (centre + 1) * classes);
  }
  return Float32Array.from({ length: classes }, (_, i) => {
    let sum = 0;
    for (let view = 0; view < views.length; view++) sum += probabilities[view * classes + i] ?? 0;
    return sum / views.length;
  });
}

/**
 * The part of the video that each clip speaks for: where two clips overlap, up to the middle of the overlap.
 *
 * @param clips in the order of time; clips that are not known yet are left out.
 */
export function ownSpans(clips: readonly TimeSpan[]): readonly TimeSpan[] {
  return clips.map(({ startSeconds, endSeconds }, i) => {
    const before = clips[i - 1];
    const after = clips[i + 1];
    return {
      startSeconds:
        before === undefined ? startSeconds : Math.max(startSeconds, (before.endSeconds + startSeconds) / 2),
      endSeconds: after === undefined ? endSeconds : Math.min(endSeconds, (endSeconds + after.startSeconds) / 2),
    };
  });
}

/** Whether one span begins where the other one ends. */
export function touch(before: TimeSpan, after: TimeSpan): boolean {
  return after.startSeconds - before.endSeconds < TOUCHING_SECONDS;
}

/**
 * Adjacent clips with the same winner are one interval. There are gaps where the winner's probability is too low, and where
 * no clip is.
 *
 * @param clips in the order of time; clips that are not known yet are left out.
 */
export function actionIntervals(
  clips: readonly ClassifiedClip[],
  { smoothing, minimumProbability }: Omit<IntervalRule, 'basis'>,
): readonly ActionInterval[] {
  const intervals: ActionInterval[] = [];
  const spans = ownSpans(clips);
  const won = winners(
    clips.map(({ probabilities }) => probabilities),
    smoothing,
  );
  let merged = 0;
  for (const [i, { index }] of clips.entries()) {
    const span = spans[i];
    const winner = won[i];
    if (span === undefined || winner === undefined || winner.probability < minimumProbability) continue;
    const before = intervals.at(-1);
    if (before?.classIndex === winner.classIndex && touch(before, span)) {
      const probability = (before.probability * merged + winner.probability) / (merged + 1);
      merged += 1;
      intervals[intervals.length - 1] = { ...before, endSeconds: span.endSeconds, lastClip: index, probability };
    } else {
      merged = 1;
      intervals.push({ ...span, ...winner, firstClip: index, lastClip: index });
    }
  }
  return intervals;
}
