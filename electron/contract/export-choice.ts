import { z } from 'zod';
import { fileIdSchema } from './files.ts';
import { intervalRuleSchema } from './intervals.ts';
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

/** What goes for all exports of one request. */
export const exportSettingsSchema = z.object({
  intervals: intervalRuleSchema,
  /** Of annotated videos; `DEFAULT_VIDEO_EXPORT` when left out. */
  video: videoExportSchema.optional(),
});
export type ExportSettings = z.infer<typeof exportSettingsSchema>;

/** Where exports go: beside their video, into a folder that the user chose, or to a place that a browser fetches them from. */
export const exportDestinationSchema = z.discriminatedUnion('to', [
  z.object({ to: z.literal('beside') }),
  z.object({ to: z.literal('folder'), folder: fileIdSchema }),
  z.object({ to: z.literal('download') }),
]);
export type ExportDestination = z.infer<typeof exportDestinationSchema>;

/** A file to be made of each job: its name with `{name}`, `{clip}` and so on in it, and folders, separated by slashes. */
export const wantedExportSchema = z.object({ kind: exportKindSchema, pattern: z.string().min(1).max(1000) });
export type WantedExport = z.infer<typeof wantedExportSchema>;

/** What is made of jobs, how, and where it goes. */
export const exportOrderSchema = z.object({
  exports: z.array(wantedExportSchema).min(1).max(50),
  destination: exportDestinationSchema,
  settings: exportSettingsSchema,
  /** Replace files that are there; otherwise they are refused, each by itself. */
  overwrite: z.boolean().default(false),
});
export type ExportOrder = z.infer<typeof exportOrderSchema>;

/** What the user chose last, for the next time. The folder is remembered by the engine: ids of files do not last. */
export const exportChoiceSchema = z.object({
  kinds: z.array(exportKindSchema).max(20),
  /** Null: beside the video on the desktop, to be fetched in a browser. */
  to: z.enum(['beside', 'folder', 'download']).nullable(),
  video: videoExportSchema,
});
export type ExportChoice = z.infer<typeof exportChoiceSchema>;
