import { z } from 'zod';
import { modelNameSchema, selectorNameSchema } from './analysis-request.ts';
import { errorDataSchema } from './error-data.ts';
import { fileIdSchema } from './files.ts';

const modelOriginSchema = z.enum(['shipped', 'user']);

/** What a person wants to know of a model before choosing it. */
export const usableModelSchema = z.object({
  state: z.literal('usable'),
  name: z.string(),
  origin: modelOriginSchema,
  /** How it came here: with the program, by an import of a file, from its publisher, or by a training. */
  provenance: z.enum(['shipped', 'imported', 'fetched', 'trained']),
  title: z.string(),
  /** Taken where nobody has chosen a model. */
  isDefault: z.boolean(),
  /** Image models are listed, and cannot analyse videos. */
  forVideos: z.boolean(),
  /** In words, such as "TimeSformer, divided space time". */
  kind: z.string(),
  input: z.string(),
  parameters: z.number(),
  bytes: z.number(),
  classes: z.int(),
  /** 10⁹ multiply-accumulates of a view, or an image, with every token. */
  gmacs: z.number(),
  selectors: z.array(selectorNameSchema),
  /** The interpreter's own threshold; null without one. */
  threshold: z.number().nullable(),
  /** False: the weights are random numbers and the predictions mean nothing. */
  trained: z.boolean(),
  licence: z.object({ name: z.string(), source: z.string().nullable() }),
});
export type UsableModel = z.infer<typeof usableModelSchema>;

/** A model that cannot be used is listed with the reason, instead of vanishing. */
export const modelSchema = z.discriminatedUnion('state', [
  usableModelSchema,
  z.object({ state: z.literal('broken'), name: z.string(), origin: modelOriginSchema, reason: errorDataSchema }),
]);
export type Model = z.infer<typeof modelSchema>;

export const modelDetailsSchema = z.object({
  /** CARD.md, where there is one. */
  card: z.string().nullable(),
  /** Line n is the name of class n. */
  labels: z.array(z.string()),
  /** From the manifest, as whoever made the model wrote it. */
  training: z.record(z.string(), z.unknown()).nullable(),
  /** Where its weights were fetched; null when they were not. */
  fetched: z
    .object({
      source: z.string(),
      revision: z.string().nullable(),
      date: z.string(),
      files: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })),
    })
    .nullable(),
});
export type ModelDetails = z.infer<typeof modelDetailsSchema>;

/** What checkpoints may not say themselves. */
export const checkpointHintsSchema = z.object({
  heads: z.int().min(1).max(1024).optional(),
  interpreterHeads: z.int().min(1).max(1024).optional(),
  numFrames: z.int().min(1).max(1024).optional(),
  samplingRate: z.int().min(1).max(1024).optional(),
  labels: z.array(z.string().max(1000)).max(100_000).optional(),
});

export const modelImportSchema = checkpointHintsSchema.extend({
  file: fileIdSchema,
  name: modelNameSchema,
  licence: z.object({ name: z.string().min(1).max(200), source: z.string().max(2000).nullable() }).optional(),
});
export type ModelImport = z.infer<typeof modelImportSchema>;

/** What an import says: checked, progress, trial, done. Nothing is left of one that fails or is cancelled. */
export const modelImportEventSchema = z.discriminatedUnion('type', [
  /** The checkpoint was understood, and every weight that its architecture has is there in its shape. */
  z.object({
    type: z.literal('checked'),
    /** How the checkpoint was written, in the importer's words. */
    format: z.string(),
    /** In words, as of {@link UsableModel}. */
    kind: z.string(),
    input: z.string(),
    parameters: z.number(),
    classes: z.int(),
    interpreter: z.boolean(),
    /** Who names the classes: the request, the checkpoint, a list that Patchlight has, or nobody. */
    labelsFrom: z.enum(['request', 'checkpoint', 'list', 'nobody']),
    firstLabels: z.array(z.string()),
  }),
  z.object({ type: z.literal('progress'), bytesDone: z.number(), bytesTotal: z.number() }),
  /** The weights are in place; noise is being classified with them. */
  z.object({ type: z.literal('trial') }),
  z.object({
    type: z.literal('done'),
    model: usableModelSchema,
    /** How the checkpoint was written, in the importer's words. */
    format: z.string(),
    /** Names in the checkpoint that were left out. */
    ignored: z.array(z.string()),
    warnings: z.array(z.string()),
    /** How long a view of noise took, or an image. */
    trial: z.object({ device: z.string(), precision: z.string(), viewMs: z.number() }),
  }),
]);
export type ModelImportEvent = z.infer<typeof modelImportEventSchema>;
