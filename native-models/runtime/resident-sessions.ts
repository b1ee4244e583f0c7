/**
 * Which sessions a worker holds, by name, the least recently used first. Holds numbers only: opening and closing is the
 * owner's work.
 */
export class ResidentSessions {
  readonly #limit: number;
  readonly #byName = new Map<string, number>();
  #next = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The number of the session called `name`, which becomes the most recently used. */
  use(name: string): number | undefined {
    const session = this.#byName.get(name);
    if (session !== undefined) {
      this.#byName.delete(name);
      this.#byName.set(name, session);
    }
    return session;
  }

  /** A number that no session has had. */
  number(): number {
    this.#next += 1;
    return this.#next;
  }

  add(name: string, session: number): void {
    this.#byName.set(name, session);
  }

  /** Takes out the sessions that have to go before one more may be opened. */
  makeRoom(): readonly number[] {
    const surplus = [...this.#byName].slice(0, Math.max(0, this.#byName.size - this.#limit + 1));
    for (const [name] of surplus) this.#byName.delete(name);
    return surplus.map(([, session]) => session);
  }

  /** Takes out all sessions. */
  clear(): readonly number[] {
    const all = [...this.#byName.values()];
    this.#byName.clear();
    return all;
  }
}
