import { z } from 'zod';
import { evaluationFailureSchema } from './evaluation.ts';
import type { JudgingEvent } from './judging.ts';

/** How well score maps tell what predictions rest on: the document that `faithfulness --json` prints, and its events. */

const share = z.number().min(0);
const byBaseline = z.object({
  /** Removed patches have the mean colour. */
  zero: share,
  /** Removed patches are blurred until nothing smaller than a patch is left. */
  blur: share,
});

/** Areas under the curves of the predicted class's probability over the share of patches, in score order. */
const areas = {
  /** Patches are taken away, the highest score first: a faithful map has a small area. */
  deletion: byBaseline,
  /** Patches are given back: a faithful map has a large area. */
  insertion: byBaseline,
};

/** One kind of score map over all videos that could be judged. */
const mapReportSchema = z.object({
  map: z.string(),
  ...areas,
  /** Against foreground masks, over the videos that have one; null where none has. */
  agreement: z
    .object({
      views: z.int(),
      pixelAccuracy: share,
      meanAccuracy: share,
      meanIou: share,
      averagePrecision: share.nullable(),
    })
    .nullable(),
});

/** Of each video the centre crop of the first clip is judged; means are over `videos` less `failures`. */
export const faithfulnessSchema = z.object({
  /** Path of the list or folder. */
  dataset: z.string(),
  /** Videos that were to be judged. */
  videos: z.int(),
  /** Entries of the data set that were left out before the beginning, because that was asked for. */
  skipped: z.int(),
  model: z.object({ name: z.string(), trained: z.boolean() }),
  device: z.object({ used: z.string(), precision: z.string() }),
  maps: z.array(mapReportSchema).min(1),
  perVideo: z.array(
    z.object({
      path: z.string(),
      /** Class numbers: the data set's, and that of the whole view, which the curves are about. */
      label: z.int(),
      predicted: z.int(),
      maps: z.array(z.object({ map: z.string(), ...areas, averagePrecision: share.nullable() })),
    }),
  ),
  failures: z.array(evaluationFailureSchema),
});
export type Faithfulness = z.infer<typeof faithfulnessSchema>;

/** What is said while maps are judged: start; for each video the warnings, then failure or nothing, then progress; done. */
export type FaithfulnessEvent = JudgingEvent | { readonly type: 'done'; readonly faithfulness: Faithfulness };
