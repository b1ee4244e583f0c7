import type { JsonObject } from './run-settings.ts';

/** Clips to learn from, a micro-batch at a time. */
export interface ClipBatch {
  /** `[batch, 3, frames, side, side]`, normalised RGB. */
  readonly clips: Float32Array;
  /** The class of each clip; `null` where nobody knows them. */
  readonly labels: Uint32Array | null;
}

export interface ClipSource {
  /** What tells this source from others: data set, split, seed, augmentation. */
  readonly identity: JsonObject;
  /** Clips in a batch, always as many. */
  readonly batchSize: number;
  /** The same for the same index. */
  batch(index: number): ClipBatch | Promise<ClipBatch>;
}
