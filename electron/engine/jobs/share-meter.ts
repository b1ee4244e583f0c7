/** How long work will still take of which only the share that is done is known. Starts when it is made. */
export class ShareMeter {
  readonly #startedMs = performance.now();

  /** By the speed so far; null before there is any. */
  secondsLeft(share: number): number | null {
    const seconds = (performance.now() - this.#startedMs) / 1000;
    return share > 0 ? (seconds * (1 - share)) / share : null;
  }
}
