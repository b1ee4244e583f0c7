/** Over so much time a speed is taken: long enough to be calm, short enough to follow. */
const WINDOW_MS = 5000;
/** Before that a speed says little. */
const LEAST_MS = 500;

/** How fast something grows, from what was seen of it in the last seconds. */
export class SpeedMeter {
  #seen: { readonly ms: number; readonly bytes: number }[] = [];

  /** Notes that there are `bytes` now. */
  note(bytes: number, ms: number = performance.now()): void {
    this.#seen.push({ ms, bytes });
    // One before the window stays: the speed is taken over all of it.
    while (this.#seen.length > 2 && ms - (this.#seen[1]?.ms ?? ms) >= WINDOW_MS) this.#seen.shift();
  }

  /** Begins anew: what comes next continues nothing. */
  reset(): void {
    this.#seen = [];
  }

  /** `null` until it can be told. */
  get bytesPerSecond(): number | null {
    const [first, last] = [this.#seen.at(0), this.#seen.at(-1)];
    if (first === undefined || last === undefined || last.ms - first.ms < LEAST_MS) return null;
    return ((last.bytes - first.bytes) * 1000) / (last.ms - first.ms);
  }
}
