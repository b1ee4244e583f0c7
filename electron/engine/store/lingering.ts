/** One use of a resource, and those that share it. */
interface Shared<R> {
  readonly key: string;
  readonly resource: Promise<R>;
  users: number;
}

/**
 * A resource that stays open for a while after it was used, for whoever needs the same one again: opening it takes long, and
 * nobody says when they are through. Another one that is asked for takes its place.
 */
export class Lingering<R extends AsyncDisposable> implements AsyncDisposable {
  readonly #lingerMs: number;
  #current: Shared<R> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #closing = new Set<Promise<void>>();

  constructor(lingerMs: number) {
    this.#lingerMs = lingerMs;
  }

  /**
   * Works with the resource of a name, which is opened unless it is open.
   *
   * @throws what `open` and `work` throw
   */
  async use<T>(key: string, open: () => Promise<R>, work: (resource: R) => Promise<T>): Promise<T> {
    if (this.#current?.key !== key) {
      const before = this.#current;
      this.#current = { key, resource: open(), users: 0 };
      if (before?.users === 0) this.#close(before);
    }
    const shared = this.#current;
    clearTimeout(this.#timer);
    shared.users += 1;
    let isOpen = false;
    try {
      const resource = await shared.resource;
      isOpen = true;
      return await work(resource);
    } finally {
      shared.users -= 1;
      const isCurrent = this.#current === shared;
      if (!isOpen && isCurrent) this.#current = undefined;
      if (shared.users === 0 && isOpen) {
        if (isCurrent) this.#linger(shared);
        else this.#close(shared);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#current?.users === 0) this.#close(this.#current);
    this.#current = undefined;
    await Promise.all(this.#closing);
  }

  #linger(shared: Shared<R>): void {
    this.#timer = setTimeout(() => {
      if (this.#current !== shared) return;
      this.#current = undefined;
      this.#close(shared);
    }, this.#lingerMs);
    this.#timer.unref();
  }

  #close({ resource }: Shared<R>): void {
    const closing = resource.then((one) => one[Symbol.asyncDispose]()).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }
}
