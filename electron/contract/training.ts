import { z } from 'zod';

/** What fitting patch selection to a model gives: the document that `train --json` prints, and the events that lead to it. */

const share = z.number().min(0).max(1);

/** What a selection is worth on clips, one view each. Shares are of the clips. */
export const selectionJudgementSchema = z.object({
  clips: z.int(),
  /** Answers on the kept patches that are those of the full model, as it was before, on all patches. */
  agreement: share,
  /** The same for as many patches of each clip, chosen by chance. */
  randomAgreement: share,
  /** Patch tokens kept, of all. */
  keepRatio: share,
  /** Right answers of the full model, on the kept patches and on as many chosen by chance; null without labels. */
  right: z.object({ full: share, selected: share, random: share }).nullable(),
});
export type SelectionJudgement = z.infer<typeof selectionJudgementSchema>;

/** The threshold that was chosen after training, and what it gives on the training clips that it was chosen by. */
export const calibrationSchema = z.object({ threshold: share, agreement: share, keepRatio: share });
export type Calibration = z.infer<typeof calibrationSchema>;

export const trainingDataReportSchema = z.object({
  /** Path of the list or folder. */
  path: z.string(),
  /** Videos that are learnt from, and those that judge the result. */
  trainingVideos: z.int(),
  heldOutVideos: z.int(),
  /** Clips of an epoch. */
  clips: z.int(),
  /** Entries and videos that were left out because they cannot be used, when that was asked for. */
  skipped: z.int(),
});
export type TrainingDataReport = z.infer<typeof trainingDataReportSchema>;

export const trainingReportSchema = z.object({
  data: trainingDataReportSchema,
  /** The model that selection was fitted to. */
  model: z.object({ name: z.string(), trained: z.boolean() }),
  device: z.object({ used: z.string(), precision: z.string() }),
  /** All that decided about the result. */
  recipe: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
  /** Of the new model. */
  threshold: share,
  calibration: calibrationSchema.nullable(),
  /** Spent on steps, over all sittings; judging is not counted. */
  trainedSeconds: z.number().min(0),
  /** The new model on the held-out videos. */
  heldOut: selectionJudgementSchema,
  bundle: z.object({ name: z.string(), directory: z.string() }),
});
export type TrainingReport = z.infer<typeof trainingReportSchema>;

/** What is known before the first step. */
export type TrainingStart = Pick<TrainingReport, 'data' | 'model' | 'device' | 'recipe'> & {
  /** Of all phases together. */
  readonly steps: number;
};

/**
 * What a training says while it runs: start; for each phase its steps and what the model is worth after them; calibrated,
 * where that was asked for; done.
 */
export type TrainingReportEvent =
  | { readonly type: 'start'; readonly start: TrainingStart }
  | {
      readonly type: 'phase';
      /** `1-policy`, `2-fine-tune` … */
      readonly phase: string;
      readonly steps: number;
      /** Steps that were done in an earlier sitting. */
      readonly resumedAt: number;
    }
  | {
      readonly type: 'step';
      readonly phase: string;
      /** Steps that are done and that there are, of all phases. */
      readonly done: number;
      readonly total: number;
      /** Means over about the last 50 steps: loss, keepRatio, accuracy, reward … */
      readonly running: Readonly<Record<string, number>>;
      readonly stepsPerSecond: number;
    }
  | { readonly type: 'judged'; readonly after: string; readonly judgement: SelectionJudgement }
  | { readonly type: 'calibrated'; readonly calibration: Calibration }
  | { readonly type: 'warning'; readonly warning: { readonly code: string; readonly message: string } }
  | { readonly type: 'done'; readonly report: TrainingReport };
