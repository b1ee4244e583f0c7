/** How much of the past a running mean sees: about the last 50 values. */
const MEMORY = 0.98;

/**
 * The next value of running means: exponential ones, which begin at the first value that is seen.
 *
 * @returns Those of `values`, and unchanged those of others.
 */
export function runningMeans(
  before: Readonly<Record<string, number>>,
  values: Readonly<Record<string, number>>,
): Record<string, number> {
  const after = { ...before };
  for (const [name, value] of Object.entries(values)) {
    const mean = before[name];
    after[name] = mean === undefined ? value : MEMORY * mean + (1 - MEMORY) * value;
  }
  return after;
}

/** How fast steps go and when they will be done, from those that this process has made. */
export class ProgressMeter {
  readonly #now: () => number;
  #meanMs: number | undefined;
  #last: number;

  /** @param now A clock in milliseconds; another one than the real one only in tests. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#last = now();
  }

  /** One more step is done. @returns Its duration in seconds. */
  step(): number {
    const now = this.#now();
    const took = now - this.#last;
    this.#last = now;
    this.#meanMs = runningMeans(this.#meanMs === undefined ? {} : { step: this.#meanMs }, { step: took }).step;
    return took / 1000;
  }

  /** Time since the last step does not count: a checkpoint was written, or nobody asked for the next step. */
  pause(): void {
    this.#last = this.#now();
  }

  get stepsPerSecond(): number {
    return this.#meanMs === undefined || this.#meanMs === 0 ? 0 : 1000 / this.#meanMs;
  }

  etaSeconds(stepsLeft: number): number {
    return (stepsLeft * (this.#meanMs ?? 0)) / 1000;
  }
}
