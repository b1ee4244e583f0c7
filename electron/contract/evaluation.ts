import { z } from 'zod';
import type { JudgingEvent } from './judging.ts';

/** What one evaluation gives: the document that `evaluate --json` prints, and the events that lead to it. */

const share = z.number().min(0).max(1);

/** A video of the data set that could not be judged, and why. */
export const evaluationFailureSchema = z.object({
  path: z.string(),
  error: z.object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    detail: z.string().optional(),
  }),
});
export type EvaluationFailure = z.infer<typeof evaluationFailureSchema>;

/**
 * A data set judged under one setting. Of each video the first clip is judged, as the published figures are (TimeSformer's
 * test protocol). Shares and means are over the videos that could be judged: `videos` less `failures`.
 */
export const evaluationSchema = z.object({
  /** Path of the list or folder. */
  dataset: z.string(),
  /** Videos that were to be judged. */
  videos: z.int(),
  /** Entries of the data set that were left out before the beginning, because that was asked for. */
  skipped: z.int(),
  /** `trained` is false while the weights are random numbers: then the errors mean nothing. */
  model: z.object({ name: z.string(), trained: z.boolean() }),
  device: z.object({ used: z.string(), precision: z.string() }),
  views: z.union([z.literal(1), z.literal(3)]),
  selector: z.string(),
  threshold: z.number().nullable(),
  keep: z.number().nullable(),
  seed: z.int().nullable(),
  /** Share of videos whose centre crop is taken for another class. */
  clip1Error: share,
  /** The same with the softmax averaged over left, centre, right; absent when only the centre was run. */
  video1Error: share.optional(),
  /** Patch tokens kept, of all. */
  keepRatio: share,
  /** 10⁹ multiply-accumulates, mean over views. */
  gmacsPerView: z.number(),
  /** The same with every token and without an interpreter. */
  gmacsFullPerView: z.number(),
  /** Stem, selection and trunk of single views; decoding is not in it. */
  viewsPerSecond: z.number(),
  failures: z.array(evaluationFailureSchema),
});
export type Evaluation = z.infer<typeof evaluationSchema>;

/** With `--sweep`: one row for each setting. */
export const evaluationSweepSchema = z.object({ rows: z.array(evaluationSchema).min(1) });
export type EvaluationSweep = z.infer<typeof evaluationSweepSchema>;

/** What is known before the first video. */
export type EvaluationStart = Pick<Evaluation, 'dataset' | 'videos' | 'skipped' | 'model' | 'device' | 'views'> & {
  readonly settings: readonly Pick<Evaluation, 'selector' | 'threshold' | 'keep' | 'seed'>[];
  /** Videos whose results were kept from an earlier run. */
  readonly resumed: number;
};

/** What one setting made of one video: class numbers. */
export interface VideoPrediction {
  /** From the centre crop. */
  readonly clip1: number;
  /** From left, centre and right together; null when only the centre was run. */
  readonly video1: number | null;
}

/**
 * What an evaluation says while it runs: start; for each video the warnings, then video or failure, then progress; done.
 */
export type EvaluationEvent =
  | { readonly type: 'start'; readonly start: EvaluationStart }
  | Extract<JudgingEvent, { readonly type: 'warning' | 'failure' }>
  | {
      readonly type: 'video';
      readonly path: string;
      readonly label: number;
      /** One for each setting. */
      readonly predictions: readonly VideoPrediction[];
    }
  | {
      readonly type: 'progress';
      readonly videosDone: number;
      readonly videosTotal: number;
      /** Of the first setting so far; null while no video has been judged. */
      readonly clip1Error: number | null;
    }
  | { readonly type: 'done'; readonly rows: readonly Evaluation[] };
