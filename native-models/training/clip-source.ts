import type { JsonObject } from './run-settings.ts';

/** Clips to learn from, a micro-batch at a time; or images, for a model of images. */
export interface ClipBatch {
  /** `[batch, 3, frames, side, side]`, normalised RGB; images are `[batch, 3, side, side]`. */
  readonly clips: Float32Array;
  /** The class of each; `null` where nobody knows them. */
  readonly labels: Uint32Array | null;
}

/** Clips or images of which it is known what is where. */
export interface MaskedBatch extends ClipBatch {
  readonly labels: Uint32Array;
  /** `[batch, tokens]`: how much of each patch shows what the class is told by, 0–1. */
  readonly foreground: Float32Array;
  /** `[batch, tokens, regions]`: how much of each patch each part of that covers, 0–1. */
  readonly regions: Float32Array;
}

/** Batches of which it is known what is where. */
export interface MaskedClipSource {
  readonly identity: JsonObject;
  /** Parts that are told apart in {@link MaskedBatch.regions}. */
  readonly regionCount: number;
  /** The same for the same index. */
  batch(index: number): MaskedBatch | Promise<MaskedBatch>;
}

export interface ClipSource {
  /** What tells this source from others: data set, split, seed, augmentation. */
  readonly identity: JsonObject;
  /** Clips in a batch, always as many. */
  readonly batchSize: number;
  /** The same for the same index. */
  batch(index: number): ClipBatch | Promise<ClipBatch>;
}
