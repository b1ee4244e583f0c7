import type { Analysis } from '#contract/analysis.ts';

/** Where the time of one analysis goes. Starts when it is made. */
export class Stopwatch {
  readonly #started = performance.now();
  readonly #sums = { stem: 0, trunk: 0 };
  readonly #marks = new Map<'firstResult' | 'decode', number>();

  /** Adds the time that `work` takes to a part. */
  async add<T>(part: 'stem' | 'trunk', work: () => Promise<T>): Promise<T> {
    const before = performance.now();
    const result = await work();
    this.#sums[part] += performance.now() - before;
    return result;
  }

  /** Notes how long it has been until now; the first call of a name counts. */
  mark(name: 'firstResult' | 'decode'): void {
    if (!this.#marks.has(name)) this.#marks.set(name, performance.now() - this.#started);
  }

  /** The same items; marks `name` when the last one was given. */
  async *timed<T>(name: 'decode', items: AsyncGenerator<T, void, undefined>): AsyncGenerator<T, void, undefined> {
    yield* items;
    this.mark(name);
  }

  report(views: number): Analysis['timing'] {
    const wallMs = performance.now() - this.#started;
    return {
      firstResultMs: this.#marks.get('firstResult') ?? wallMs,
      decodeMs: this.#marks.get('decode') ?? wallMs,
      stemMs: this.#sums.stem,
      trunkMs: this.#sums.trunk,
      wallMs,
      viewsPerSecond: wallMs === 0 ? 0 : (1000 * views) / wallMs,
    };
  }
}
