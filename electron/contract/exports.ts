import { z } from 'zod';
import { analysisSchema, clipResultSchema } from './analysis.ts';
import { errorDataSchema } from './error-data.ts';
import { fileIdSchema, grantedFileSchema } from './files.ts';
import { intervalRuleSchema } from './intervals.ts';
import { jobIdSchema } from './jobs.ts';
import { videoExportSchema } from './video-export.ts';

/** What can be made of an analysis that is done. */
export const exportKindSchema = z.enum([
  'json',
  'csv',
  'webvtt',
  'srt',
  'elan',
  'boris',
  'figures',
  'npz',
  'report',
  'mp4',
  'webm',
  'gif',
]);
export type ExportKind = z.infer<typeof exportKindSchema>;

/** One kind, for people to choose from. */
export const exportFormatSchema = z.object({
  kind: exportKindSchema,
  title: z.string(),
  description: z.string(),
  /** What a file of this kind ends in, such as `.boris.csv`. The first is the one that is proposed. */
  suffixes: z.array(z.string()).min(1),
  /** One file for a video, or one for each of its clips: then its name says `{clip}`. */
  files: z.enum(['one', 'each-clip']),
  /** What a target is called unless somebody says otherwise. */
  pattern: z.string(),
});
export type ExportFormat = z.infer<typeof exportFormatSchema>;

/** What goes for all exports of one request. */
export const exportSettingsSchema = z.object({
  intervals: intervalRuleSchema,
  /** Of annotated videos; `DEFAULT_VIDEO_EXPORT` when left out. */
  video: videoExportSchema.optional(),
});
export type ExportSettings = z.infer<typeof exportSettingsSchema>;

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

/** Where exports go: beside their video, into a folder that the user chose, or to a place that a browser fetches them from. */
export const exportDestinationSchema = z.discriminatedUnion('to', [
  z.object({ to: z.literal('beside') }),
  z.object({ to: z.literal('folder'), folder: fileIdSchema }),
  z.object({ to: z.literal('download') }),
]);
export type ExportDestination = z.infer<typeof exportDestinationSchema>;

/** A file to be made of each job: its name with `{name}`, `{clip}` and so on in it, and folders, separated by slashes. */
const wantedExportSchema = z.object({ kind: exportKindSchema, pattern: z.string().min(1).max(1000) });
export type WantedExport = z.infer<typeof wantedExportSchema>;

export const exportRequestSchema = z.object({
  jobs: z.array(jobIdSchema).min(1).max(1000),
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

export const exportRunSchema = exportRequestSchema.extend({
  settings: exportSettingsSchema,
  /** Replace files that are there; otherwise they are refused, each by itself. */
  overwrite: z.boolean().default(false),
});
export type ExportRun = z.infer<typeof exportRunSchema>;

const oneExport = { job: jobIdSchema, kind: exportKindSchema };

/** What a run of exports says. A failure ends one export; the others go on. `finished` comes last. */
export const exportEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), ...oneExport, share: z.number().min(0).max(1) }),
  /** `file` is the only one, or the first of several. */
  z.object({ type: z.literal('done'), ...oneExport, file: grantedFileSchema, files: z.int(), bytes: z.number() }),
  z.object({ type: z.literal('failed'), ...oneExport, error: errorDataSchema }),
  z.object({ type: z.literal('finished'), done: z.int(), failed: z.int() }),
]);
export type ExportEvent = z.infer<typeof exportEventSchema>;
