import { z } from 'zod';

/** What a page asks of an analysis. What is left out is the model's or the program's default. */

export const selectorNameSchema = z.enum(['interpreter', 'full', 'random', 'frame-difference', 'saliency']);

/** How patches are chosen: those that score above `threshold`, or the best share `keep`; the threshold wins. */
export const selectorRequestSchema = z.object({
  name: selectorNameSchema.optional(),
  threshold: z.number().min(0).max(1000).optional(),
  keep: z.number().min(0).max(1).optional(),
  /** Of `random`. */
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .optional(),
});

/** A model by its name; a page cannot name folders. */
export const modelNameSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'not the name of a model');

export const viewsSchema = z.union([z.literal(1), z.literal(3)]);

export const analysisRequestSchema = z.object({
  model: modelNameSchema,
  views: viewsSchema.default(3),
  selector: selectorRequestSchema.default({}),
  strideSeconds: z.number().min(0.05).max(86_400).optional(),
  span: z
    .object({ startSeconds: z.number().min(0), endSeconds: z.number().min(0) })
    .refine(({ startSeconds, endSeconds }) => startSeconds < endSeconds, 'a span must start before it ends')
    .optional(),
  topK: z.int().min(1).max(100).default(5),
});
export type AnalysisRequest = z.infer<typeof analysisRequestSchema>;
