import { patchShares } from '../motions/patch-pixels.ts';
import type { MaskedBatch } from './clip-source.ts';
import { type DrawnDataName, type DrawnSplit, drawnData } from './drawn-data.ts';
import { EpochOrder } from './epoch-order.ts';

/** Which clips or images batches are made of, and how a model sees them. */
export interface DrawnBatchSettings {
  readonly data: DrawnDataName;
  readonly split: DrawnSplit;
  /** Different clips or images: every epoch shows each of them once. */
  readonly samples: number;
  readonly batchSize: number;
  /** 1 for images. */
  readonly frames: number;
  /** Pixels of a side. */
  readonly size: number;
  readonly patchSize: number;
  /** Pixels in 0–1 minus `mean`, over `std`, per RGB channel. */
  readonly preprocessing: { readonly mean: readonly number[]; readonly std: readonly number[] };
  /** Decides about their order in each epoch. */
  readonly seed: number;
}

/** Drawn clips or images with all that is known of them. */
export interface DrawnBatch extends MaskedBatch {
  readonly clips: Float32Array<ArrayBuffer>;
  readonly labels: Uint32Array<ArrayBuffer>;
  readonly foreground: Float32Array<ArrayBuffer>;
  readonly regions: Float32Array<ArrayBuffer>;
}

/** Draws batches one after another, in the thread that asks. A batch follows from the settings and its index alone. */
export class DrawnBatchPainter {
  readonly #settings: DrawnBatchSettings;
  readonly #order: EpochOrder;
  /** What each value of a byte becomes, per channel. */
  readonly #tones: readonly Float32Array[];

  constructor(settings: DrawnBatchSettings) {
    const { samples, seed, preprocessing } = settings;
    this.#settings = settings;
    this.#order = new EpochOrder(samples, seed);
    this.#tones = preprocessing.mean.map((mean, channel) =>
      Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - mean) / (preprocessing.std[channel] ?? 1)),
    );
  }

  /** @throws RangeError for sizes that cannot be. */
  batch(index: number): DrawnBatch {
    const { data, split, batchSize, frames, size, patchSize } = this.#settings;
    const { draw, regionCount } = drawnData[data];
    const tokens = (size / patchSize) ** 2 * frames;
    const clips = new Float32Array(batchSize * 3 * frames * size * size);
    const labels = new Uint32Array(batchSize);
    const foreground = new Float32Array(batchSize * tokens);
    const parts = new Float32Array(batchSize * tokens * regionCount);
    for (const [i, number] of this.#order.batch(index, batchSize).entries()) {
      const { pixels, mask, regions, label } = draw(split, number, { frames, size });
      this.#normalise(pixels, clips.subarray(i * pixels.length, (i + 1) * pixels.length));
      labels[i] = label;
      foreground.set(patchShares(mask, patchSize, { frames, size }, 1), i * tokens);
      parts.set(patchShares(regions, patchSize, { frames, size }, regionCount), i * tokens * regionCount);
    }
    return { clips, labels, foreground, regions: parts };
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
