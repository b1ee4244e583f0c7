import type { ShellEvent } from '#contract/shell-api.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';

/**
 * What windows are told by their shell. Files that were chosen before any window listened are kept for the first one that
 * does; a menu's commands go to whoever listens, and are dropped when nobody does.
 */
export class ShellEvents {
  readonly #supervisor: Pick<EngineSupervisor<unknown>, 'state' | 'onState'>;
  readonly #listeners = new Set<Listener>();
  #unheard: ShellEvent[] = [];

  constructor(supervisor: Pick<EngineSupervisor<unknown>, 'state' | 'onState'>) {
    this.#supervisor = supervisor;
    supervisor.onState((engine) => this.#tell({ type: 'engine', engine }));
  }

  publish(event: ShellEvent): void {
    if (this.#listeners.size === 0 && event.type !== 'command') this.#unheard.push(event);
    this.#tell(event);
  }

  async *listen(signal: AbortSignal): AsyncGenerator<ShellEvent, void, undefined> {
    const listener = new Listener();
    this.#listeners.add(listener);
    const stop = () => listener.wake();
    signal.addEventListener('abort', stop);
    try {
      yield { type: 'engine', engine: this.#supervisor.state };
      yield* this.#unheard.splice(0);
      for (;;) {
        signal.throwIfAborted();
        const event = listener.events.shift();
        if (event === undefined) await listener.change();
        else yield event;
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.#listeners.delete(listener);
    }
  }

  #tell(event: ShellEvent): void {
    for (const listener of this.#listeners) {
      listener.events.push(event);
      listener.wake();
    }
  }
}

class Listener {
  /** A person makes few of them. */
  readonly events: ShellEvent[] = [];
  #wake = () => {};

  change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  wake(): void {
    this.#wake();
  }
}
