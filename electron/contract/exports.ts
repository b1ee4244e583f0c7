import { z } from 'zod';
import { analysisSchema, clipResultSchema } from './analysis.ts';
import { errorDataSchema } from './error-data.ts';
import { exportDestinationSchema, exportKindSchema, exportOrderSchema, wantedExportSchema } from './export-choice.ts';
import { grantedFileSchema } from './files.ts';
import { intervalRuleSchema } from './intervals.ts';
import { jobIdSchema } from './jobs.ts';
import { uint8ArraySchema } from './typed-arrays.ts';
import { videoExportSchema } from './video-export.ts';

/** One kind, for people to choose from. */
export const exportFormatSchema = z.object({
  kind: exportKindSchema,
  title: z.string(),
  description: z.string(),
  /** What it is for. All of `video` are drawn by the same settings. */
  group: z.enum(['video', 'reading', 'data']),
  /** What a file of this kind ends in, such as `.boris.csv`. The first is the one that is proposed. */
  suffixes: z.array(z.string()).min(1),
  /** One file for a video, or one for each of its clips: then its name says `{clip}`. */
  files: z.enum(['one', 'each-clip']),
  /** What a target is called unless somebody says otherwise. */
  pattern: z.string(),
});
export type ExportFormat = z.infer<typeof exportFormatSchema>;

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/);

/** Where an export comes from: enough to make it again. */
export const provenanceSchema = z.object({
  program: z.object({ name: z.literal('Patchlight'), version: z.string() }),
  /** When the analysis was finished, ISO 8601. */
  analysedAt: z.iso.datetime(),
  source: z.object({ name: z.string(), bytes: z.number(), sha256: sha256Schema }),
  model: z.object({
    name: z.string(),
    title: z.string(),
    weights: z.object({ bytes: z.number(), sha256: sha256Schema }),
    licence: z.object({ name: z.string(), source: z.string().nullable() }),
    trained: z.boolean(),
  }),
  device: analysisSchema.shape.device,
  settings: analysisSchema.shape.settings,
  intervals: intervalRuleSchema,
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** An action interval with its name. */
export const exportedIntervalSchema = z.object({
  startSeconds: z.number(),
  endSeconds: z.number(),
  /** Of the frames that the model saw in it, counted as presented. */
  firstFrame: z.int(),
  lastFrame: z.int(),
  classIndex: z.int(),
  label: z.string(),
  /** Mean over its clips, after smoothing. */
  probability: z.number(),
  firstClip: z.int(),
  lastClip: z.int(),
});
export type ExportedInterval = z.infer<typeof exportedIntervalSchema>;

/** The document that the export `json` writes. */
export const exportedAnalysisSchema = z.object({
  format: z.literal('patchlight-analysis'),
  formatVersion: z.literal(1),
  provenance: provenanceSchema,
  /** By class index. */
  labels: z.array(z.string()),
  intervals: z.array(exportedIntervalSchema),
  analysis: analysisSchema.omit({ clips: true }),
  clips: z.array(
    clipResultSchema.extend({
      /** `[views][classes]`, softmax, views in the order of `views`. */
      probabilities: z.array(z.array(z.number())),
    }),
  ),
});

const jobsSchema = z.array(jobIdSchema).min(1).max(1000);

export const exportRequestSchema = z.object({
  jobs: jobsSchema,
  exports: z.array(wantedExportSchema).min(1).max(50),
  destination: exportDestinationSchema,
});

/** One export of one job before it is begun. */
export const plannedExportSchema = z.object({
  job: jobIdSchema,
  kind: exportKindSchema,
  /** Below the destination, with slashes; of several files the first. */
  name: z.string(),
  files: z.int(),
  /** Files that are there already. */
  existing: z.int(),
  /** Why it cannot be made; null when it can. */
  error: errorDataSchema.nullable(),
});
export type PlannedExport = z.infer<typeof plannedExportSchema>;

export const exportRunSchema = exportOrderSchema.extend({ jobs: jobsSchema });
export type ExportRun = z.infer<typeof exportRunSchema>;

const oneExport = { job: jobIdSchema, kind: exportKindSchema };

/** What a run of exports says. A failure ends one export; the others go on. `finished` comes last. */
export const exportEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('progress'),
    ...oneExport,
    share: z.number().min(0).max(1),
    /** Until the end of this export, by its speed so far; null before anything is known. */
    secondsLeft: z.number().nullable(),
  }),
  /** `file` is the only one, or the first of several. */
  z.object({ type: z.literal('done'), ...oneExport, file: grantedFileSchema, files: z.int(), bytes: z.number() }),
  z.object({ type: z.literal('failed'), ...oneExport, error: errorDataSchema }),
  z.object({ type: z.literal('finished'), done: z.int(), failed: z.int() }),
]);
export type ExportEvent = z.infer<typeof exportEventSchema>;

/** One moment of an annotated video, before it is made. */
export const exportPreviewRequestSchema = z.object({
  job: jobIdSchema,
  video: videoExportSchema,
  /** The frame that is on screen then. Seconds from the first presented frame. */
  seconds: z.number().min(0).max(1e9),
  /** Pixels that its longer side has at most. */
  longSide: z.int().min(64).max(4096),
});

export const exportPreviewSchema = z.object({
  /** A PNG file. */
  picture: uint8ArraySchema,
  /** Of the video that would be written. */
  width: z.int(),
  height: z.int(),
});
