/** So often is handed on what has been gathered, at most: nobody reads faster, and the page has other things to do. */
const PACE_MS = 100;

/** Takes in one by one and hands on together: the first at once, in the next frame, and then a few times a second. */
export class Gathered<Item> {
  readonly #handOn: (items: readonly Item[]) => void;
  #items: Item[] = [];
  #handedOnAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #frame = 0;

  constructor(handOn: (items: readonly Item[]) => void) {
    this.#handOn = handOn;
  }

  add(item: Item): void {
    this.#items.push(item);
    // A page that is hidden draws no frames.
    if (document.hidden) this.flush();
    else if (this.#timer === undefined && this.#frame === 0) this.#wait();
  }

  /** Hands on what is there now. */
  flush(): void {
    const items = this.#items;
    this.clear();
    this.#handedOnAt = performance.now();
    if (items.length > 0) this.#handOn(items);
  }

  /** Forgets what is there. */
  clear(): void {
    clearTimeout(this.#timer);
    cancelAnimationFrame(this.#frame);
    this.#timer = undefined;
    this.#frame = 0;
    this.#items = [];
  }

  #wait(): void {
    const ask = () => {
      this.#timer = undefined;
      this.#frame = requestAnimationFrame(() => this.flush());
    };
    const rest = this.#handedOnAt + PACE_MS - performance.now();
    if (rest <= 0) ask();
    else this.#timer = setTimeout(ask, rest);
  }
}
