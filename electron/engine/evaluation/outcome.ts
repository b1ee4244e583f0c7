import { z } from 'zod';
import { evaluationFailureSchema } from '#contract/evaluation.ts';
import type { JournalKind } from './journal.ts';

/** What one setting made of one video. */
export const judgementSchema = z.object({
  /** Class number from the centre crop. */
  clip1: z.int().min(0),
  /** From the softmax averaged over three views; null when only the centre was run. */
  video1: z.int().min(0).nullable(),
  /** Sums over the views. */
  keptTokens: z.int().min(0),
  gmacs: z.number(),
  /** Stem, selection and trunk. */
  inferenceMs: z.number().min(0),
});
export type Judgement = z.infer<typeof judgementSchema>;

/** What came of one video of a data set, by its index there; judgements in the order of the settings. */
const videoOutcomeSchema = z.union([
  z.strictObject({ video: z.int().min(0), judgements: z.array(judgementSchema).min(1) }),
  z.strictObject({ video: z.int().min(0), failure: evaluationFailureSchema }),
]);
export type VideoOutcome = z.infer<typeof videoOutcomeSchema>;

export const EVALUATION_JOURNAL: JournalKind<VideoOutcome> = { name: 'evaluation', outcome: videoOutcomeSchema };
