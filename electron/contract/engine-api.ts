import { z } from 'zod';
import { analysisSchema } from './analysis.ts';
import { analysisRequestSchema, modelNameSchema, selectorRequestSchema } from './analysis-request.ts';
import { deviceReportSchema, measureEventSchema, measureRequestSchema } from './devices.ts';
import { exportOrderSchema } from './export-choice.ts';
import {
  exportEventSchema,
  exportFormatSchema,
  exportPreviewRequestSchema,
  exportPreviewSchema,
  exportRequestSchema,
  exportRunSchema,
  plannedExportSchema,
} from './exports.ts';
import { fileIdSchema, grantedFileSchema } from './files.ts';
import {
  imageFigureSchema,
  imageRequestSchema,
  interpretEventSchema,
  interpretRequestSchema,
  openImageSchema,
} from './images.ts';
import { interpretationSchema } from './interpretation.ts';
import { clipMapSchema, jobIdSchema, jobSchema, queueSchema, reselectionSchema, watchEventSchema } from './jobs.ts';
import {
  catalogueSchema,
  fetchOfferSchema,
  fetchSourceSchema,
  modelFetchEventSchema,
  modelFetchSchema,
} from './model-fetch.ts';
import { modelDetailsSchema, modelImportEventSchema, modelImportSchema, modelSchema } from './models.ts';
import { noticeSchema } from './notices.ts';
import { type Client, type Implementation, request, stream } from './rpc/api.ts';
import { scoreMapNameSchema } from './score-maps.ts';
import { settingsChangeSchema, settingsSchema } from './settings.ts';
import { storageUseSchema } from './storage.ts';
import {
  libraryFileSchema,
  previewEventSchema,
  recentVideoSchema,
  resultIdSchema,
  resultSummarySchema,
  videoSchema,
} from './videos.ts';

const seconds = z.number().min(0).max(1e9);

/**
 * What changed, for every window. Listening begins with how everything stands. Where a reader is slow, it misses states that
 * were overtaken, never the last one.
 */
export const engineEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('settings'), settings: settingsSchema }),
  z.object({ type: z.literal('recent'), videos: z.array(recentVideoSchema) }),
  /** Models came or went: ask for the list again. */
  z.object({ type: z.literal('models') }),
  z.object({ type: z.literal('queue'), queue: queueSchema }),
  z.object({ type: z.literal('job'), job: jobSchema }),
  z.object({ type: z.literal('job-removed'), job: jobIdSchema }),
  z.object({ type: z.literal('notice'), notice: noticeSchema }),
  z.object({ type: z.literal('notice-dismissed'), id: z.uuid() }),
  /** How everything stands has been told: what was not named is not there. */
  z.object({ type: z.literal('all-told') }),
]);
export type EngineEvent = z.infer<typeof engineEventSchema>;

/** What a window may ask of the engine. */
export const engineApi = {
  engine: {
    events: stream(z.void(), engineEventSchema),
    dismissNotice: request(z.object({ id: z.uuid() }), z.void()),
  },
  videos: {
    /** Looks into a file; it becomes a recent one. */
    open: request(z.object({ file: fileIdSchema }), videoSchema),
    /** The video that comes with the program. */
    openSample: request(z.void(), videoSchema),
    /**
     * Makes a copy that Chromium plays, with every frame at its time; at once where there is one already. Needed where
     * `playback` is `proxy`, and where the player fails or finds no picture. Calling it off ends the work.
     */
    preview: stream(z.object({ file: fileIdSchema }), previewEventSchema),
    recent: request(z.void(), z.array(recentVideoSchema)),
    /** Takes a file out of the recent ones. */
    forget: request(z.object({ file: fileIdSchema }), z.void()),
    forgetAll: request(z.void(), z.void()),
    /** Empty where there is no library. */
    library: request(z.void(), z.array(libraryFileSchema)),
  },
  analysis: {
    /**
     * Analyses a video for the screen: at once, before everything that waits. Where there is a result of the same video,
     * model and settings, it is taken up instead, and what it lacks is computed. Clips nearest to `fromSeconds` come first.
     */
    begin: request(
      z.object({
        file: fileIdSchema,
        request: analysisRequestSchema,
        fromSeconds: seconds.default(0),
        /** Forget the earlier result. */
        again: z.boolean().default(false),
      }),
      jobSchema,
    ),
    /** Shows a stored result as it is; nothing is computed. */
    reopen: request(z.object({ file: fileIdSchema, result: resultIdSchema }), jobSchema),
    /** @see WatchEvent; `skip` clips are left out, those that the window had before its connection was lost. */
    watch: stream(z.object({ job: jobIdSchema, skip: z.int().min(0).default(0) }), watchEventSchema),
    /** From now on clips nearest to `seconds` come first. */
    focus: request(z.object({ job: jobIdSchema, seconds }), z.void()),
    cancel: request(z.object({ job: jobIdSchema }), jobSchema),
    /** Goes on with a job that was cancelled, interrupted or has failed. */
    resume: request(z.object({ job: jobIdSchema, fromSeconds: seconds.optional() }), jobSchema),
    /** One clip with other patches: only the part of the model that depends on them is run again. */
    reselect: request(
      z.object({ job: jobIdSchema, clip: z.int().min(0), selector: selectorRequestSchema }),
      reselectionSchema,
    ),
    /** One score map of a clip. What is computed for it takes turns with the analysis that is under way. */
    scoreMap: request(z.object({ job: jobIdSchema, clip: z.int().min(0), map: scoreMapNameSchema }), clipMapSchema),
    /** The whole document, as `analyze --json` writes it, of a job that is done. */
    document: request(z.object({ job: jobIdSchema }), analysisSchema),
    /** Earlier results of a video, the latest first. */
    results: request(z.object({ file: fileIdSchema }), z.array(resultSummarySchema)),
    forgetResult: request(z.object({ result: resultIdSchema }), z.void()),
  },
  images: {
    open: request(z.object({ file: fileIdSchema }), openImageSchema),
    /** The image that comes with the program. */
    openSample: request(z.void(), openImageSchema),
    /** Shows an image to an image model. Maps come one after another. */
    interpret: stream(interpretRequestSchema, interpretEventSchema),
    /** The same image with other patches, without maps: only groups that keep others are run again. */
    select: request(imageRequestSchema, interpretationSchema),
    /** The hierarchical figure. */
    figure: request(imageRequestSchema.extend({ format: z.enum(['png', 'svg']) }), imageFigureSchema),
  },
  queue: {
    list: request(z.void(), z.object({ queue: queueSchema, jobs: z.array(jobSchema) })),
    /** With `exports`, these are made of each video when it is done. */
    add: request(
      z.object({
        files: z.array(fileIdSchema).min(1).max(1000),
        request: analysisRequestSchema,
        exports: exportOrderSchema.nullable().default(null),
      }),
      z.array(jobSchema),
    ),
    /**
     * Makes exports of jobs of the queue: of those that are done at once, of the others when they are done. What was made
     * earlier and would be the same now stays. Exports that were asked for before and are not made yet are forgotten.
     */
    export: request(
      z.object({ jobs: z.array(jobIdSchema).min(1).max(1000), exports: exportOrderSchema }),
      z.array(jobSchema),
    ),
    /** Stops the exports of a job; files that are in their place stay. */
    cancelExports: request(z.object({ job: jobIdSchema }), jobSchema),
    pause: request(z.void(), queueSchema),
    /** Ends the pause; jobs that were interrupted go on. */
    start: request(z.void(), queueSchema),
    /** Does a job once more: from where it stopped, or from the beginning when it was done. */
    retry: request(z.object({ job: jobIdSchema }), jobSchema),
    /** Takes a job out of the list, and cancels it when it runs. Its result stays. */
    remove: request(z.object({ job: jobIdSchema }), z.void()),
    /** Takes out all jobs that are over. */
    clear: request(z.void(), z.void()),
  },
  models: {
    list: request(z.void(), z.array(modelSchema)),
    details: request(z.object({ name: modelNameSchema }), modelDetailsSchema),
    import: stream(modelImportSchema, modelImportEventSchema),
    remove: request(z.object({ name: modelNameSchema }), z.void()),
    /** Public checkpoints that can be fetched, and fetches that broke off. Asks nobody outside of this computer. */
    catalogue: request(z.void(), catalogueSchema),
    /** Asks a source what it has, and under which licence. */
    offer: request(z.object({ source: fetchSourceSchema }), fetchOfferSchema),
    /** Fetches a public checkpoint and imports it. Refused unless the licence that the source states is the accepted one. */
    fetch: stream(modelFetchSchema, modelFetchEventSchema),
    /** Deletes what is kept of a fetch that broke off. */
    discardFetch: request(z.object({ source: fetchSourceSchema }), z.void()),
  },
  devices: {
    report: request(z.void(), deviceReportSchema),
    /** Takes minutes; what runs waits. */
    measure: stream(measureRequestSchema, measureEventSchema),
  },
  exports: {
    /** Everything that can be made of an analysis. */
    formats: request(z.void(), z.array(exportFormatSchema)),
    /** Where exports of jobs that are done would go, and what is there already. Nothing is written. */
    plan: request(exportRequestSchema, z.array(plannedExportSchema)),
    run: stream(exportRunSchema, exportEventSchema),
    /** What an annotated video shows at one moment, drawn as the video itself is. */
    preview: request(exportPreviewRequestSchema, exportPreviewSchema),
    /** The folder that exports went into last; null where there was none, or it is gone. */
    folder: request(z.void(), z.object({ ...grantedFileSchema.shape, path: z.string() }).nullable()),
    /** Remembers a folder for exports that are asked for later. */
    keepFolder: request(z.object({ folder: fileIdSchema }), z.void()),
  },
  settings: {
    read: request(z.void(), settingsSchema),
    change: request(settingsChangeSchema, settingsSchema),
  },
  storage: {
    /** What takes how much of the disk. Every file is looked at. */
    use: request(z.void(), storageUseSchema),
  },
};
export type EngineApi = typeof engineApi;
export type EngineClient = Client<EngineApi>;
export type EngineImplementation = Implementation<EngineApi>;
