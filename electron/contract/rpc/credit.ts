/** What a stream may still give before it has to wait. */
export class Credit {
  #left: number;
  #closed = false;
  #wake = () => {};

  constructor(left: number) {
    this.#left = left;
  }

  add(count: number): void {
    this.#left += count;
    this.#wake();
  }

  /** Nobody wants anything any more. */
  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** Takes one, as soon as there is one; false when it was closed instead. */
  async take(): Promise<boolean> {
    while (this.#left === 0 && !this.#closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#closed) return false;
    this.#left -= 1;
    return true;
  }
}
