import { FfmpegMissingError } from '#contract/errors.ts';
import type { ClipBatch, ClipSource } from '#native-models/training/clip-source.ts';
import { EpochOrder } from '#native-models/training/epoch-order.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import type { JsonObject } from '#native-models/training/run-settings.ts';
import { digest } from '../evaluation/journal.ts';
import { type ClipRange, clipStarts } from './clip-range.ts';
import type { DecodedClips } from './decoded-clips.ts';
import { inParallel } from './in-parallel.ts';
import { randomView, trainingShortSide, type ViewSettings } from './random-view.ts';

export interface TrainingClipsOptions {
  readonly ranges: readonly ClipRange[];
  readonly decoded: DecodedClips;
  readonly view: ViewSettings;
  readonly batchSize: number;
  /** Decides about the order, the moments and the crops. */
  readonly seed: number;
  /** Videos that are decoded at the same time. */
  readonly decoders: number;
  /**
   * Told of a clip that cannot be decoded; the next one in the data takes its place. Throw to stop instead.
   */
  readonly onBad: (range: ClipRange, thrown: unknown) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Sets the chance in views apart from all else that a seed serves. */
const PURPOSE = 0x71e7;
/** Batches that are made before they are asked for. */
const AHEAD = 1;

/**
 * Training views of real videos. Every epoch shows each clip range once, each time from another moment and in another crop;
 * all of that follows from the seed and the number of the batch, so a resumed run sees what an unbroken one would. The next
 * batch is made while one is computed; never more than these two are in memory.
 */
export class TrainingClips implements ClipSource, AsyncDisposable {
  readonly identity: JsonObject;
  readonly batchSize: number;
  readonly #options: TrainingClipsOptions;
  readonly #order: EpochOrder;
  readonly #expected = new Map<number, Promise<ClipBatch>>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TrainingClipsOptions) {
    const { ranges, decoded, view, batchSize, seed } = options;
    this.identity = {
      data: digest(
        ranges.map(({ video: { name, label, info }, earliestSeconds }) => [
          name,
          label,
          info.durationSeconds,
          earliestSeconds,
        ]),
      ),
      clips: ranges.length,
      timing: { ...decoded.timing },
      size: view.size,
      mean: [...view.preprocessing.mean],
      std: [...view.preprocessing.std],
      flip: view.flip,
      seed,
    };
    this.batchSize = batchSize;
    this.#options = options;
    this.#order = new EpochOrder(ranges.length, seed);
  }

  /** @throws What `onBad` throws, and the signal's reason. */
  async batch(index: number): Promise<ClipBatch> {
    for (const known of this.#expected.keys()) {
      if (known < index || known > index + AHEAD) this.#expected.delete(known);
    }
    const wanted = this.#expect(index);
    for (let next = index + 1; next <= index + AHEAD; next++) this.#expect(next).catch(() => {});
    const batch = await wanted;
    this.#expected.delete(index);
    return batch;
  }

  /** Waits for the decoders, which the signal ends. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#last.catch(() => {});
  }

  #expect(index: number): Promise<ClipBatch> {
    const known = this.#expected.get(index);
    if (known !== undefined) return known;
    // One after another: the decoders of one batch are all that run.
    const made = this.#last.catch(() => {}).then(() => this.#make(index));
    this.#last = made;
    this.#expected.set(index, made);
    return made;
  }

  async #make(index: number): Promise<ClipBatch> {
    const { ranges, decoders, signal } = this.#options;
    const chosen = this.#order.batch(index, this.batchSize);
    const labels = new Uint32Array(this.batchSize);
    let labelled = true;
    let clips: Float32Array | undefined;
    await inParallel([...chosen.entries()], decoders, async ([i, range]) => {
      signal?.throwIfAborted();
      const random = RandomStream.seeded(this.#options.seed, PURPOSE, index, i);
      const { view, label } = await this.#viewOf(range, random);
      clips ??= new Float32Array(this.batchSize * view.length);
      clips.set(view, i * view.length);
      if (label === null) labelled = false;
      else labels[i] = label;
    });
    if (clips === undefined || ranges.length === 0) throw new Error('A batch has at least one clip.');
    return { clips, labels: labelled ? labels : null };
  }

  /** A view of the range, or of the next one that can be decoded. */
  async #viewOf(
    wanted: number,
    random: RandomStream,
  ): Promise<{ readonly view: Float32Array; readonly label: number | null }> {
    const { ranges, decoded, view, onBad, signal } = this.#options;
    for (let turn = 0; ; turn++) {
      const range = ranges[(wanted + turn) % ranges.length];
      if (range === undefined) throw new Error('There is nothing to learn from.');
      const starts = clipStarts(range, decoded.timing);
      const startSeconds = starts[random.below(starts.length)] ?? range.earliestSeconds;
      try {
        const { info, label } = range.video;
        const stack = await decoded.decode({ info, startSeconds, shortSide: trainingShortSide(view.size) });
        return { view: randomView(stack, view, random), label };
      } catch (thrown) {
        signal?.throwIfAborted();
        if (thrown instanceof FfmpegMissingError || turn + 1 >= ranges.length) throw thrown;
        onBad(range, thrown);
      }
    }
  }
}
