const WINDOW_MS = 60_000;

/** How often a worker that keeps dying is started again: a few times a minute, then no more. */
export class RestartLimit {
  readonly #perMinute: number;
  #restarts: readonly number[] = [];

  constructor(perMinute = 3) {
    this.#perMinute = perMinute;
  }

  /** Whether one more restart is allowed at `nowMs`; counts it when it is. */
  allow(nowMs = performance.now()): boolean {
    this.#restarts = this.#restarts.filter((restart) => nowMs - restart < WINDOW_MS);
    if (this.#restarts.length >= this.#perMinute) return false;
    this.#restarts = [...this.#restarts, nowMs];
    return true;
  }
}
