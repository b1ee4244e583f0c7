import { z } from 'zod';
import { analysisSchema, warningSchema } from '#contract/analysis.ts';
import { analysisRequestSchema } from '#contract/analysis-request.ts';

/** What is known of an analysis before its first clip, and after its last one. */
export const resultFactsSchema = z.object({
  /** What was asked for; asking again gives the same result. */
  request: analysisRequestSchema,
  video: analysisSchema.shape.video,
  model: analysisSchema.shape.model,
  settings: analysisSchema.shape.settings,
  device: analysisSchema.shape.device,
  /** That were planned. */
  clips: z.int(),
  gmacsFullPerView: z.number(),
  warnings: z.array(warningSchema),
  /** Null until the last clip is done. */
  outcome: z
    .object({
      device: analysisSchema.shape.device,
      summary: analysisSchema.shape.summary,
      timing: analysisSchema.shape.timing,
    })
    .nullable(),
  /** Milliseconds since 1970. */
  changedAt: z.number(),
});
export type ResultFacts = z.infer<typeof resultFactsSchema>;
