/**
 * One piece of work at a time, in the order of arrival. Waiting work that is aborted is taken out at once; running work
 * cannot be interrupted, so its caller is answered and its result dropped.
 */
export class SerialQueue {
  #waiting: { readonly start: () => Promise<void>; readonly refuse: (reason: unknown) => void }[] = [];
  #running = false;

  /** @throws the signal's reason, as soon as it is aborted. */
  run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const abort = () => {
        this.#waiting = this.#waiting.filter((other) => other !== entry);
        reject(signal?.reason);
      };
      const done = () => signal?.removeEventListener('abort', abort);
      const entry = {
        start: async () => {
          try {
            resolve(await work());
          } catch (thrown) {
            reject(thrown);
          } finally {
            done();
          }
        },
        refuse: (reason: unknown) => {
          done();
          reject(reason);
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.push(entry);
      void this.#work();
    });
  }

  /** Takes out everything that has not begun. */
  refuseWaiting(reason: unknown): void {
    const refused = this.#waiting;
    this.#waiting = [];
    for (const entry of refused) entry.refuse(reason);
  }

  async #work(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) await next.start();
    this.#running = false;
  }
}
