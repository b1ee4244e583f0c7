/** Lets many wait for the next change of something. */
export class Pulse {
  #waiting: (() => void)[] = [];

  /** Fulfilled at the next change, or when `signal` is aborted. Ask before looking at the state, so that none is missed. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      if (signal.aborted) resolve();
      else {
        signal.addEventListener('abort', done, { once: true });
        this.#waiting.push(done);
      }
    });
  }

  fire(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done();
  }
}
