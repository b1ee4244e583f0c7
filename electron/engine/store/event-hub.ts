import type { EngineEvent } from '#contract/engine-api.ts';

/**
 * Tells every window what changed. A reader that is slow gets the last event of each subject, not every one of them, so
 * that nothing grows.
 */
export class EventHub {
  readonly #readers = new Set<Reader>();

  /** @param subject What the event is about; a later event of the same subject overtakes it. */
  publish(subject: string, event: EngineEvent): void {
    for (const reader of this.#readers) reader.add(subject, event);
  }

  /** Events from now on, after what `standing` says at the beginning. */
  async *listen(
    standing: () => readonly EngineEvent[],
    signal: AbortSignal,
  ): AsyncGenerator<EngineEvent, void, undefined> {
    const reader = new Reader();
    this.#readers.add(reader);
    const stop = () => reader.wake();
    signal.addEventListener('abort', stop);
    try {
      yield* standing();
      for (;;) {
        signal.throwIfAborted();
        const event = reader.take();
        if (event === undefined) await reader.change();
        else yield event;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#readers.delete(reader);
    }
  }
}

class Reader {
  readonly #waiting = new Map<string, EngineEvent>();
  #wake = () => {};

  add(subject: string, event: EngineEvent): void {
    // Deleted first: what changed last comes last.
    this.#waiting.delete(subject);
    this.#waiting.set(subject, event);
    this.wake();
  }

  take(): EngineEvent | undefined {
    const [next] = this.#waiting;
    if (next === undefined) return undefined;
    this.#waiting.delete(next[0]);
    return next[1];
  }

  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake();
  }
}
