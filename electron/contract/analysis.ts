import { z } from 'zod';

/**
 * What one analysis gives: the document that `analyze --json` prints, and the events that lead to it.
 *
 * A *clip* is a span of time; a *view* is one square crop of it. Seconds count from the first presented frame.
 */

const seconds = z.number();
const milliseconds = z.number().min(0);

export const cropSchema = z.enum(['left', 'center', 'right']);
/** Along the long side: for portrait videos left, center, right are top, centre, bottom. */
export type Crop = z.infer<typeof cropSchema>;

export const predictionSchema = z.object({
  /** Class number of the model. */
  index: z.int().min(0),
  label: z.string(),
  /** Softmax, 0 … 1. */
  probability: z.number().min(0).max(1),
});
export type Prediction = z.infer<typeof predictionSchema>;

/** Best first. */
const top = z.array(predictionSchema);

export const warningSchema = z.object({ code: z.string(), message: z.string() });
export type Warning = z.infer<typeof warningSchema>;

export const viewResultSchema = z.object({
  crop: cropSchema,
  /** Upper left corner `[x, y]` in the frame scaled to the model's side. */
  origin: z.tuple([z.int(), z.int()]),
  keptTokens: z.int(),
  totalTokens: z.int(),
  /** 10⁹ multiply-accumulates that this view took. */
  gmacs: z.number(),
  top,
});
export type ViewResult = z.infer<typeof viewResultSchema>;

export const clipResultSchema = z.object({
  index: z.int(),
  startSeconds: seconds,
  endSeconds: seconds,
  /** Of the sampled frames, counted as presented. */
  frameIndices: z.array(z.int()),
  /** When the sampled frames come on screen. */
  frameSeconds: z.array(seconds),
  views: z.array(viewResultSchema),
  /** The centre crop alone. */
  oneClip: z.object({ top }),
  /** Softmax averaged over left, centre, right; absent when only the centre was run. */
  threeClip: z.object({ top, agrees: z.boolean() }).optional(),
});
export type ClipResult = z.infer<typeof clipResultSchema>;

export const analysisSchema = z.object({
  video: z.object({
    path: z.string(),
    codec: z.string(),
    /** As displayed: rotation and pixel shape applied. */
    width: z.int(),
    height: z.int(),
    rotation: z.number(),
    framesPerSecond: z.number(),
    presentedFrames: z.int(),
    durationSeconds: seconds,
    warnings: z.array(warningSchema),
  }),
  model: z.object({
    name: z.string(),
    architecture: z.string(),
    attention: z.string(),
    numFrames: z.int(),
    samplingRate: z.int(),
    imageSize: z.int(),
    patchSize: z.int(),
    classes: z.int(),
    /** False: the weights are random numbers and the predictions mean nothing. */
    trained: z.boolean(),
  }),
  settings: z.object({
    views: z.union([z.literal(1), z.literal(3)]),
    selector: z.string(),
    threshold: z.number().nullable(),
    keep: z.number().nullable(),
    seed: z.int().nullable(),
    strideSeconds: seconds,
  }),
  device: z.object({
    requested: z.string(),
    used: z.string(),
    precision: z.string(),
    /** Devices that were tried and did not work, with the reason. */
    refused: z.array(z.object({ device: z.string(), reason: z.string() })),
  }),
  clips: z.array(clipResultSchema),
  summary: z.object({
    /** Softmax averaged over all clips. */
    oneClip: z.object({ top }),
    threeClip: z.object({ top }).optional(),
    keepRatio: z.number(),
    gmacs: z.number(),
    /** What the same views would have cost with every token. */
    gmacsFull: z.number(),
  }),
  timing: z.object({
    firstResultMs: milliseconds,
    /** Until the decoder had given its last frame; overlaps the rest. */
    decodeMs: milliseconds,
    stemMs: milliseconds,
    trunkMs: milliseconds,
    wallMs: milliseconds,
    viewsPerSecond: z.number(),
  }),
});
export type Analysis = z.infer<typeof analysisSchema>;

/** The scores of one view, as soon as they are known; the overlay is drawn from them. */
export interface ViewScores {
  readonly clip: number;
  readonly crop: Crop;
  readonly origin: readonly [number, number];
  /** Size of the scaled frame that `origin` refers to. */
  readonly frameSize: readonly [number, number];
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly frameSeconds: readonly number[];
  /** `[patches·frames]`, patch-major, the frame fastest. */
  readonly scores: Float32Array;
  /** Sorted indices into `scores`. */
  readonly kept: Uint32Array;
}

/** The facts that are known before the first clip. */
export type AnalysisStart = Pick<Analysis, 'video' | 'model' | 'settings' | 'device'> & {
  readonly clips: number;
};

/** What an analysis says while it runs, in this order: start, then for each clip scores and clip, then done. */
export type AnalysisEvent =
  | { readonly type: 'start'; readonly start: AnalysisStart }
  | { readonly type: 'scores'; readonly view: ViewScores }
  | {
      readonly type: 'clip';
      readonly clip: ClipResult;
      /** `[views, classes]`, softmax, views in the order of `clip.views`. */
      readonly probabilities: Float32Array;
    }
  | { readonly type: 'progress'; readonly viewsDone: number; readonly viewsTotal: number }
  | { readonly type: 'warning'; readonly warning: Warning }
  | { readonly type: 'done'; readonly analysis: Analysis };
