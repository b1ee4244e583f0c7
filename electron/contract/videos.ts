import { z } from 'zod';
import { analysisSchema, warningSchema } from './analysis.ts';
import { fileIdSchema } from './files.ts';

/** Names a stored result: the same video, model and settings have the same. */
export const resultIdSchema = z.string().regex(/^[0-9a-f]{32}$/, 'not the id of a result');
export type ResultId = z.infer<typeof resultIdSchema>;

/** An analysis that was made earlier, whole or in part. */
export const resultSummarySchema = z.object({
  result: resultIdSchema,
  model: z.object({ name: z.string(), trained: z.boolean() }),
  settings: analysisSchema.shape.settings,
  device: z.object({ used: z.string(), precision: z.string() }),
  clipsDone: z.int(),
  clipsTotal: z.int(),
  complete: z.boolean(),
  /** Milliseconds since 1970. */
  changedAt: z.number(),
});
export type ResultSummary = z.infer<typeof resultSummarySchema>;

/**
 * How a page plays a video. `direct`: from its own address; the player shows at `startSeconds + t` what the engine sees at t.
 * `proxy`: the player cannot, and needs a preview.
 */
export const playbackSchema = z.enum(['direct', 'proxy']);
export type Playback = z.infer<typeof playbackSchema>;

/** What the making of a preview says. */
export const previewEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('progress'), secondsDone: z.number(), secondsTotal: z.number() }),
  /** Play this file instead: the player shows at t what the engine sees at t. */
  z.object({ type: z.literal('done'), preview: fileIdSchema }),
]);
export type PreviewEvent = z.infer<typeof previewEventSchema>;

/** An open video: what the file holds, and what is known about it from before. */
export const videoSchema = z.object({
  file: fileIdSchema,
  name: z.string(),
  sizeBytes: z.number(),
  /** ffmpeg's names. */
  container: z.string(),
  codec: z.string(),
  /** As displayed: rotation and pixel shape applied. */
  width: z.int(),
  height: z.int(),
  rotation: z.number(),
  framesPerSecond: z.number(),
  constantRate: z.boolean(),
  presentedFrames: z.int(),
  durationSeconds: z.number(),
  /** Time stamp of the first presented frame: what a player calls 0 may be this. */
  startSeconds: z.number(),
  interlaced: z.boolean(),
  bitDepth: z.int(),
  hasAudio: z.boolean(),
  playback: playbackSchema,
  warnings: z.array(warningSchema),
  /** The latest first. */
  results: z.array(resultSummarySchema),
});
export type Video = z.infer<typeof videoSchema>;

/** A video that was open before. */
export const recentVideoSchema = z.object({
  file: fileIdSchema,
  name: z.string(),
  /** Where it lies, for people. */
  folder: z.string(),
  openedAt: z.number(),
  durationSeconds: z.number(),
});
export type RecentVideo = z.infer<typeof recentVideoSchema>;

/** A file of the folder that `serve` was given. */
export const libraryFileSchema = z.object({
  file: fileIdSchema,
  /** Path below the library's folder, with slashes. */
  name: z.string(),
  sizeBytes: z.number(),
});
export type LibraryFile = z.infer<typeof libraryFileSchema>;
