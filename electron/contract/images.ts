import { z } from 'zod';
import { modelNameSchema } from './analysis-request.ts';
import { fileIdSchema } from './files.ts';
import { heatMapSchema, interpretationSchema } from './interpretation.ts';
import { uint8ArraySchema } from './typed-arrays.ts';

/** What a page asks about images, and what it is told. */

const shares = z.array(z.number().min(0).max(1)).min(1).max(64);

/** One number for all groups of blocks, or one for each; thresholds win. */
const imageSelectorSchema = z.object({
  name: z.enum(['interpreter', 'full', 'random']).optional(),
  thresholds: shares.optional(),
  keep: shares.optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 31)
    .optional(),
});

/** What of an image a model is shown: all of it, squeezed into a square, or what it was trained on, mostly the middle. */
const imageFramingSchema = z.enum(['whole', 'model']);

export const imageRequestSchema = z.object({
  file: fileIdSchema,
  model: modelNameSchema,
  selector: imageSelectorSchema.default({}),
  framing: imageFramingSchema.default('whole'),
  topK: z.int().min(1).max(100).default(5),
});
export type ImageRequest = z.input<typeof imageRequestSchema>;

export const interpretRequestSchema = imageRequestSchema.extend({
  /** Names of maps; all that the model has when left out. */
  maps: z.array(z.string().max(64)).max(64).optional(),
});

/** An open image. */
export const openImageSchema = z.object({
  file: fileIdSchema,
  name: z.string(),
  format: z.string(),
  /** Upright. */
  width: z.int(),
  height: z.int(),
  /** Pictures of an animation, or pages; the first is looked at. */
  pages: z.int(),
});
export type OpenImage = z.infer<typeof openImageSchema>;

/** RGB, `[height, width, 3]`, 0–255. */
const pictureSchema = z.object({ width: z.int(), height: z.int(), pixels: uint8ArraySchema });

/** An image as a model sees it, the sooner the better: the picture, the answer, map after map. */
export const interpretEventSchema = z.discriminatedUnion('type', [
  /** What the model is shown, with more pixels than it has. */
  z.object({ type: z.literal('picture'), picture: pictureSchema }),
  /** Without maps. */
  z.object({ type: z.literal('answer'), interpretation: interpretationSchema }),
  z.object({ type: z.literal('map'), map: heatMapSchema }),
  z.object({ type: z.literal('done') }),
]);
export type InterpretEvent = z.infer<typeof interpretEventSchema>;

/** The hierarchical figure as a file. */
export const imageFigureSchema = z.object({ name: z.string(), content: uint8ArraySchema });
