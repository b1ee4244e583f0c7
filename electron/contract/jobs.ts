import { z } from 'zod';
import { analysisSchema, clipResultSchema, cropSchema, warningSchema } from './analysis.ts';
import { analysisRequestSchema } from './analysis-request.ts';
import { errorDataSchema } from './error-data.ts';
import { exportDestinationSchema, exportKindSchema } from './export-choice.ts';
import { fileIdSchema, grantedFileSchema } from './files.ts';
import type { Immutable } from './rpc/api.ts';
import { scoreMapNameSchema } from './score-maps.ts';
import { float32ArraySchema, uint32ArraySchema } from './typed-arrays.ts';
import { resultIdSchema } from './videos.ts';

/**
 * Analyses that were asked for. One runs at a time: the one on screen before those of the queue, which wait meanwhile and
 * lose nothing.
 */

export const jobIdSchema = z.uuid();
export type JobId = z.infer<typeof jobIdSchema>;

/** `interrupted`: the engine ended in the middle; what was done is kept, and the job can be resumed. */
export const jobStateSchema = z.enum(['queued', 'running', 'done', 'failed', 'cancelled', 'interrupted']);
export type JobState = z.infer<typeof jobStateSchema>;

const jobProgressSchema = z.object({
  viewsDone: z.int(),
  viewsTotal: z.int(),
  /** Mean over the current run; null before the first view. */
  viewsPerSecond: z.number().nullable(),
  secondsLeft: z.number().nullable(),
});
export type JobProgress = z.infer<typeof jobProgressSchema>;

/** What of the queue's exports ends by itself; a job that is exported again begins anew. */
export const jobExportStateSchema = z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']);

/** What is made of a job of the queue once it is done, and how far that is. */
const jobExportsSchema = z.object({
  kinds: z.array(exportKindSchema),
  destination: exportDestinationSchema,
  /** `waiting`: for the analysis, for the exports of another job, or for the end of a pause. `failed`: one of them did. */
  state: jobExportStateSchema,
  /** Of all of them, 0 … 1. */
  share: z.number(),
  /** Of the export that is being written; null before anything is known. */
  secondsLeft: z.number().nullable(),
  /** Files that were written, and files that were already as they would be. */
  written: z.int(),
  current: z.int(),
  failures: z.array(z.object({ kind: exportKindSchema, error: errorDataSchema })),
  /** Of each export the first file. */
  files: z.array(grantedFileSchema),
});
export type JobExports = z.infer<typeof jobExportsSchema>;

export const jobSchema = z.object({
  job: jobIdSchema,
  file: fileIdSchema,
  name: z.string(),
  lane: z.enum(['screen', 'queue']),
  request: analysisRequestSchema,
  state: jobStateSchema,
  /** Null before the video has been looked at. */
  progress: jobProgressSchema.nullable(),
  result: resultIdSchema.nullable(),
  error: errorDataSchema.nullable(),
  /** Null where nothing is made of it. */
  exports: jobExportsSchema.nullable(),
  /** Milliseconds since 1970, later than those of all jobs before. */
  addedAt: z.number(),
  /** Milliseconds since 1970. */
  changedAt: z.number(),
});
export type Job = z.infer<typeof jobSchema>;

export const queueSchema = z.object({
  /** Paused: nothing of the queue is begun; the analysis on screen runs all the same. */
  paused: z.boolean(),
});
export type Queue = z.infer<typeof queueSchema>;

/** The scores of one view. */
const viewScoresSchema = z.object({
  clip: z.int(),
  crop: cropSchema,
  /** Upper left corner of the crop in the scaled frame. */
  origin: z.tuple([z.number(), z.number()]),
  /** Of the scaled frame. */
  frameSize: z.tuple([z.number(), z.number()]),
  startSeconds: z.number(),
  endSeconds: z.number(),
  frameSeconds: z.array(z.number()),
  /** `[patches·frames]`, patch-major, the frame fastest. */
  scores: float32ArraySchema,
  /** Sorted indices into `scores`. */
  kept: uint32ArraySchema,
});

/** The result of one clip with all its probabilities, for lanes of classes that are not among the best. */
const clipEventShape = {
  clip: clipResultSchema,
  /** `[views, classes]`, softmax, views in the order of `clip.views`. */
  probabilities: float32ArraySchema,
};

/**
 * What a watched job says. Watching begins with everything that is known already, in the same order as it came to be known:
 * start, then scores and clips, then whatever follows. It ends with done, failed, cancelled or interrupted.
 */
export const watchEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('queued') }),
  z.object({
    type: z.literal('start'),
    video: analysisSchema.shape.video,
    model: analysisSchema.shape.model,
    settings: analysisSchema.shape.settings,
    device: analysisSchema.shape.device,
    clips: z.int(),
    /** What a view would cost with every token. */
    gmacsFullPerView: z.number(),
  }),
  z.object({ type: z.literal('scores'), view: viewScoresSchema }),
  z.object({ type: z.literal('clip'), ...clipEventShape }),
  z.object({ type: z.literal('progress'), progress: jobProgressSchema }),
  z.object({ type: z.literal('warning'), warning: warningSchema }),
  z.object({
    type: z.literal('done'),
    device: analysisSchema.shape.device,
    summary: analysisSchema.shape.summary,
    timing: analysisSchema.shape.timing,
  }),
  z.object({ type: z.literal('failed'), error: errorDataSchema }),
  z.object({ type: z.literal('cancelled') }),
  z.object({ type: z.literal('interrupted') }),
]);
export type WatchEvent = Immutable<z.infer<typeof watchEventSchema>>;

/** One clip chosen anew. */
export const reselectionSchema = z.object({ ...clipEventShape, views: z.array(viewScoresSchema) });

/** One clip as a score map sees it, whichever patches were kept. */
export const clipMapSchema = z.object({
  clip: z.int(),
  map: scoreMapNameSchema,
  /** The centre first. */
  views: z.array(viewScoresSchema.omit({ kept: true })),
});
