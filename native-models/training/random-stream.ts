import { mixBits } from '../random/split-mix.ts';

/** The whole state of a {@link RandomStream}: four 32-bit integers. */
export type RandomState = readonly [number, number, number, number];

/**
 * A stream of random numbers that can be stopped, written down and gone on with: xoshiro128** (Blackman and Vigna
 * 2021), the same on every machine.
 */
export class RandomStream {
  readonly #state: Uint32Array<ArrayBuffer>;

  private constructor(state: Iterable<number>) {
    this.#state = Uint32Array.from(state);
  }

  /** @param keys Integers that name the stream; other keys give an unrelated one. */
  static seeded(...keys: readonly number[]): RandomStream {
    let mixed = 0x5eed;
    for (const key of keys) mixed = mixBits((mixed ^ Math.imul(key | 0, 0x85ebca77)) + 0x9e3779b9);
    return new RandomStream([1, 2, 3, 4].map((word) => mixBits(mixed + Math.imul(word, 0x9e3779b9))));
  }

  /** Goes on where the stream with this state stopped. */
  static restored(state: RandomState): RandomStream {
    return new RandomStream(state);
  }

  get state(): RandomState {
    const [a = 0, b = 0, c = 0, d = 0] = this.#state;
    return [a, b, c, d];
  }

  /** Uniform in 0 … 2³² − 1. */
  bits(): number {
    const s = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0;
    s[2] = c ^ a;
    s[3] = d ^ b;
    s[1] = b ^ c ^ a;
    s[0] = a ^ d ^ b;
    s[2] = c ^ a ^ (b << 9);
    s[3] = rotate(d ^ b, 11);
    return result;
  }

  /** Uniform in [0, 1). */
  next(): number {
    return this.bits() / 2 ** 32;
  }

  /** A whole number in [0, count), each equally likely. */
  below(count: number): number {
    // Numbers from the incomplete last round would favour the small ones.
    const end = 2 ** 32 - (2 ** 32 % count);
    let bits = this.bits();
    while (bits >= end) bits = this.bits();
    return bits % count;
  }

  /** 1 with the probability at each place, else 0; one number of the stream for each. */
  bernoulli(probabilities: Float32Array): Float32Array<ArrayBuffer> {
    return Float32Array.from(probabilities, (probability) => (this.next() < probability ? 1 : 0));
  }

  /** 0 … count − 1, in an order each of which is equally likely (Fisher and Yates). */
  permutation(count: number): Uint32Array<ArrayBuffer> {
    const order = Uint32Array.from({ length: count }, (_, index) => index);
    for (let i = count - 1; i > 0; i--) {
      const other = this.below(i + 1);
      const moved = order[i] ?? 0;
      order[i] = order[other] ?? 0;
      order[other] = moved;
    }
    return order;
  }
}

function rotate(x: number, by: number): number {
  return (x << by) | (x >>> (32 - by));
}
