import { RandomStream } from './random-stream.ts';

/** Sets the orders of epochs apart from all else that a seed serves. */
const PURPOSE = 0xe90c;

/**
 * Which samples are in which batch: every epoch shows each sample once, in an order of its own. It follows from seed and
 * number alone, so a resumed run needs no memory of it.
 */
export class EpochOrder {
  readonly #samples: number;
  readonly #seed: number;
  #epoch = -1;
  #order = new Uint32Array(0);

  /** @throws RangeError when there are no samples. */
  constructor(samples: number, seed: number) {
    if (!(samples > 0)) throw new RangeError('There is nothing to put in order.');
    this.#samples = samples;
    this.#seed = seed;
  }

  /** The samples of batch `index` of `size`. A batch may begin in one epoch and end in the next. */
  batch(index: number, size: number): Uint32Array<ArrayBuffer> {
    return Uint32Array.from({ length: size }, (_, i) => this.#sampleAt(index * size + i));
  }

  #sampleAt(position: number): number {
    const epoch = Math.floor(position / this.#samples);
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      this.#order = RandomStream.seeded(this.#seed, PURPOSE, epoch).permutation(this.#samples);
    }
    return this.#order[position % this.#samples] ?? 0;
  }
}
