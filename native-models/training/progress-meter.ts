/** How many values a running mean sees. */
const SPAN = 50;

/**
 * The next value of running means: of all values while they are few, and then exponential ones.
 *
 * @param earlier How many values `before` was made of.
 */
export function runningMeans(
  before: Readonly<Record<string, number>>,
  values: Readonly<Record<string, number>>,
  earlier: number,
): Record<string, number> {
  const share = 1 / Math.min(earlier + 1, SPAN);
  const next = ([name, value]: [string, number]): [string, number] => {
    const mean = before[name] ?? value;
    return [name, mean + share * (value - mean)];
  };
  return Object.fromEntries(Object.entries(values).map(next));
}

/** How fast steps go and when they will be done, from those that this process has made. */
export class ProgressMeter {
  readonly #now: () => number;
  #steps = 0;
  #meanSeconds = 0;
  #last: number;

  /** @param now A clock in milliseconds; another one than the real one only in tests. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#last = now();
  }

  /** One more step is done. @returns Its duration in seconds. */
  step(): number {
    const now = this.#now();
    const seconds = (now - this.#last) / 1000;
    this.#last = now;
    // The first step waits for graphs to be built; it stands for the others only until there are any.
    const { mean = seconds } = runningMeans(
      { mean: this.#meanSeconds },
      { mean: seconds },
      Math.max(0, this.#steps - 1),
    );
    this.#meanSeconds = mean;
    this.#steps += 1;
    return seconds;
  }

  /** Time since the last step does not count: a checkpoint was written, or nobody asked for the next step. */
  pause(): void {
    this.#last = this.#now();
  }

  get stepsPerSecond(): number {
    return this.#meanSeconds === 0 ? 0 : 1 / this.#meanSeconds;
  }

  etaSeconds(stepsLeft: number): number {
    return stepsLeft * this.#meanSeconds;
  }
}
