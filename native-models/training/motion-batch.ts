import { bodyRegions } from '../motions/body/figure.ts';
import { foregroundShare } from '../motions/foreground-share.ts';
import { motionClip } from '../motions/motion-clip.ts';
import { regionShares } from '../motions/region-shares.ts';
import type { MotionSplit } from '../motions/splits.ts';
import type { MaskedBatch } from './clip-source.ts';
import { EpochOrder } from './epoch-order.ts';

/** Which clips batches are made of, and how a model sees them. */
export interface MotionBatchSettings {
  readonly split: MotionSplit;
  /** Different clips: every epoch shows each of them once. */
  readonly clips: number;
  readonly batchSize: number;
  readonly frames: number;
  /** Pixels of a side. */
  readonly size: number;
  readonly patchSize: number;
  /** Pixels in 0–1 minus `mean`, over `std`, per RGB channel. */
  readonly preprocessing: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** Decides about the order of the clips in each epoch. */
  readonly seed: number;
}

/** Drawn clips with all that is known of them. */
export interface MotionBatch extends MaskedBatch {
  readonly clips: Float32Array<ArrayBuffer>;
  readonly labels: Uint32Array<ArrayBuffer>;
  /** `[batch, patches·frames]`: how much of each patch the figure covers, 0–1. */
  readonly foreground: Float32Array<ArrayBuffer>;
  /** `[batch, patches·frames, regions]`: how much of each patch each region of the body covers, 0–1. */
  readonly regions: Float32Array<ArrayBuffer>;
}

/** Draws batches one after another, in the thread that asks. A batch follows from the settings and its index alone. */
export class MotionBatchPainter {
  readonly #settings: MotionBatchSettings;
  readonly #order: EpochOrder;
  /** What each value of a byte becomes, per channel. */
  readonly #tones: readonly Float32Array[];

  constructor(settings: MotionBatchSettings) {
    const { clips, seed, preprocessing } = settings;
    this.#settings = settings;
    this.#order = new EpochOrder(clips, seed);
    this.#tones = preprocessing.mean.map((mean, channel) =>
      Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / (preprocessing.std[channel] ?? 1)),
    );
  }

  /** @throws RangeError for sizes that cannot be. */
  batch(index: number): MotionBatch {
    const { split, batchSize, frames, size, patchSize } = this.#settings;
    const tokens = (size / patchSize) ** 2 * frames;
    const clips = new Float32Array(batchSize * 3 * frames * size * size);
    const labels = new Uint32Array(batchSize);
    const foreground = new Float32Array(batchSize * tokens);
    const bodies = new Float32Array(batchSize * tokens * bodyRegions.length);
    for (const [i, number] of this.#order.batch(index, batchSize).entries()) {
      const { pixels, mask, regions, label } = motionClip(split, number, { frames, size });
      this.#normalise(pixels, clips.subarray(i * pixels.length, (i + 1) * pixels.length));
      labels[i] = label;
      foreground.set(foregroundShare(mask, patchSize, { frames, size }), i * tokens);
      bodies.set(regionShares(regions, patchSize, { frames, size }), i * tokens * bodyRegions.length);
    }
    return { clips, labels, foreground, regions: bodies };
  }

  /** `[pixels, 3]` bytes → `[3, pixels]` numbers. */
  #normalise(pixels: Uint8Array, clip: Float32Array): void {
    const plane = pixels.length / 3;
    for (const [channel, tone] of this.#tones.entries()) {
      const begin = channel * plane;
      for (let i = 0, at = channel; i < plane; i++, at += 3) clip[begin + i] = tone[pixels[at] ?? 0] ?? 0;
    }
  }
}
