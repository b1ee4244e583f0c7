import type { Evaluation } from '#contract/evaluation.ts';
import type { Judgement } from './outcome.ts';

/** One judged video: what a setting made of it, and what it is. */
export interface JudgedVideo {
  readonly judgement: Judgement;
  /** Its class number. */
  readonly label: number;
}

/** Figures of the views that were judged. */
export interface ViewFacts {
  readonly views: 1 | 3;
  /** Patch tokens of one view. */
  readonly tokens: number;
  readonly gmacsFull: number;
}

export type Metrics = Pick<
  Evaluation,
  'clip1Error' | 'video1Error' | 'keepRatio' | 'gmacsPerView' | 'gmacsFullPerView' | 'viewsPerSecond'
>;

/** Error rates and costs of one setting over at least one video. */
export function metricsOf(judged: readonly JudgedVideo[], { views, tokens, gmacsFull }: ViewFacts): Metrics {
  const videos = judged.length;
  const sum = (of: (judgement: Judgement) => number) =>
    judged.reduce((total, { judgement }) => total + of(judgement), 0);
  const wrong = (of: (judgement: Judgement) => number | null) =>
    judged.filter(({ judgement, label }) => of(judgement) !== label).length / videos;
  const inferenceMs = sum((judgement) => judgement.inferenceMs);
  return {
    clip1Error: wrong(({ clip1 }) => clip1),
    ...(views === 3 ? { video1Error: wrong(({ video1 }) => video1) } : {}),
    keepRatio: sum(({ keptTokens }) => keptTokens) / (videos * views * tokens),
    gmacsPerView: sum(({ gmacs }) => gmacs) / (videos * views),
    gmacsFullPerView: gmacsFull,
    viewsPerSecond: inferenceMs === 0 ? 0 : (1000 * videos * views) / inferenceMs,
  };
}
