import { z } from 'zod';
import { predictionSchema } from './analysis.ts';

/** What an image model makes of an image, group by group: the document that `interpret --json` writes. */

const share = z.number().min(0).max(1);
const patches = z.int().min(0);

export const imageGroupSchema = z.object({
  firstBlock: z.int(),
  blocks: z.int(),
  /** Patches that were there, and those that the group's blocks have seen, sorted. */
  present: patches,
  kept: z.array(patches),
  /** Of all patches. */
  keepRatio: share,
  /** Patches that score above it are kept; null where they were chosen otherwise. */
  threshold: z.number().nullable(),
  /** Row by row, 0 for a patch that was dropped before; null without an interpreter. */
  scores: z.array(z.number()).nullable(),
});
export type ImageGroup = z.infer<typeof imageGroupSchema>;

export const heatMapSchema = z.object({
  name: z.string(),
  width: z.int().min(1),
  height: z.int().min(1),
  /** Row by row, the higher the more a place matters; scale and range are the method's own. */
  scores: z.array(z.number()),
});

export const interpretationSchema = z.object({
  image: z.object({
    path: z.string(),
    format: z.string(),
    /** Upright. */
    width: z.int(),
    height: z.int(),
    /** Pictures of an animation, or pages; the first was looked at. */
    pages: z.int(),
  }),
  /** The part of the image that the model saw, in its pixels. */
  seen: z.object({ left: z.number(), top: z.number(), right: z.number(), bottom: z.number() }),
  model: z.object({
    name: z.string(),
    imageSize: z.int(),
    patchSize: z.int(),
    classes: z.int(),
    /** False: the weights are random numbers and the predictions mean nothing. */
    trained: z.boolean(),
  }),
  device: z.object({ used: z.string(), precision: z.string() }),
  selector: z.string(),
  /** From the kept patches, best first. */
  top: z.array(predictionSchema),
  /** The same model with every patch. */
  fullTop: z.array(predictionSchema),
  groups: z.array(imageGroupSchema),
  /** 10⁹ multiply-accumulates: of what was kept, and of everything. */
  gmacs: z.number(),
  gmacsFull: z.number(),
  maps: z.array(heatMapSchema),
});
export type Interpretation = z.infer<typeof interpretationSchema>;

const agreementSchema = z.object({ pixelAccuracy: share, meanAccuracy: share, meanIou: share });
const byBaseline = z.object({ zero: z.number(), blur: z.number() });

/** How maps did over several images. */
export const mapComparisonSchema = z.object({
  images: z.int(),
  maps: z.array(
    z.object({
      map: z.string(),
      /** With masks: which pixels are foreground, taken from the map above a threshold. */
      masks: z
        .object({ images: z.int(), mean: agreementSchema, otsu: agreementSchema, averagePrecision: share.nullable() })
        .nullable(),
      /** Areas under the predicted class's probability: deletion small, insertion large. */
      curves: z.object({ deletion: byBaseline, insertion: byBaseline }).nullable(),
    }),
  ),
});
export type HeatMap = z.infer<typeof heatMapSchema>;
export type MapComparison = z.infer<typeof mapComparisonSchema>;

/** What `interpret --json` writes of a folder, or with masks. */
export const interpretationsSchema = z.object({
  images: z.array(interpretationSchema),
  failures: z.array(
    z.object({
      path: z.string(),
      error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
    }),
  ),
  comparison: mapComparisonSchema.nullable(),
});
export type Interpretations = z.infer<typeof interpretationsSchema>;
