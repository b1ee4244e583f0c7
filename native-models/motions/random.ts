import { mixBits } from '../random/split-mix.ts';

/** A stream of random numbers that is the same for the same keys on every machine. */
export class Random {
  #state: number;

  /** @param keys Integers that name the stream; another list of keys is an unrelated stream. */
  constructor(...keys: readonly number[]) {
    this.#state = 0x6d0710;
    for (const key of keys) this.#state = mixBits((this.#state ^ Math.imul(key | 0, 0x9e3779b1)) + 0x7f4a7c15);
  }

  /** Uniform in [0, 1), 32 bits, by SplitMix32. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    return (mixBits(this.#state) >>> 0) / 2 ** 32;
  }

  /** Uniform in [from, to). */
  between([from, to]: Range): number {
    return from + (to - from) * this.next();
  }

  /** A whole number in [0, count). */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** -1 or 1. */
  sign(): number {
    return this.next() < 0.5 ? -1 : 1;
  }

  /** Mean 0, standard deviation 1, never beyond ±3.47: the sum of four uniform numbers. */
  bell(): number {
    return (this.next() + this.next() + this.next() + this.next() - 2) * Math.sqrt(3);
  }

  /** Which of `count` things, counted from 0, is at place `at` of a random order of them all. */
  ordered(count: number, at: number): number {
    const order = Array.from({ length: count }, (_, thing) => thing);
    // Fisher-Yates, from the front, as far as it is needed.
    for (let i = 0; i <= at; i++) {
      const other = i + this.below(count - i);
      [order[i], order[other]] = [order[other] ?? 0, order[i] ?? 0];
    }
    return order[at] ?? 0;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }
}

/** Lower and upper bound of a parameter. */
export type Range = readonly [from: number, to: number];
