import { type EngineApi, type EngineClient, engineApi } from '#contract/engine-api.ts';
import { type Connection, connectApi } from '#contract/rpc/client.ts';
import { type EngineState, type ShellClient, type ShellEvent, type ShellFacts, shellApi } from '#contract/shell-api.ts';
import type { Transport } from './transport.ts';

/** How the page stands with the rest of the program. */
export type LinkState =
  | { readonly kind: 'connecting' }
  /** Everything can be asked for. */
  | { readonly kind: 'ready'; readonly engine: EngineClient; readonly shell: ShellClient; readonly facts: ShellFacts }
  /** The engine ended and is being started again, or is starting. */
  | {
      readonly kind: 'waiting';
      readonly shell: ShellClient;
      readonly facts: ShellFacts;
      readonly reason: string | null;
    }
  /** The engine ended too often; `shell.restartEngine` tries again. */
  | {
      readonly kind: 'stopped';
      readonly shell: ShellClient;
      readonly facts: ShellFacts;
      readonly error: Extract<EngineState, { state: 'stopped' }>['error'];
    }
  /** The program around the page is gone: `serve` was ended. */
  | { readonly kind: 'lost' };

export interface AppLinkListener {
  /** Called at once with how things stand. */
  onState(state: LinkState): void;
  /** Chosen files and menu commands. */
  onShellEvent(event: Exclude<ShellEvent, { type: 'engine' }>): void;
}

const RETRY_MS = 500;

/**
 * Keeps the page connected: to the shell for as long as it lives, and to the engine, whichever is running. Both are connected
 * again by themselves; clients of an engine that is gone reject with `connection-lost`.
 */
export class AppLink {
  readonly transport: Transport;
  readonly #listeners = new Set<AppLinkListener>();
  #state: LinkState = { kind: 'connecting' };
  #shell: { readonly shell: ShellClient; readonly facts: ShellFacts } | null = null;
  #engineState: EngineState | null = null;
  #engine: Connection<EngineApi> | null = null;
  #lost = false;
  #wake = () => {};

  constructor(transport: Transport) {
    this.transport = transport;
    void this.#keepShell();
    void this.#keepEngine();
  }

  listen(listener: AppLinkListener): () => void {
    this.#listeners.add(listener);
    listener.onState(this.#state);
    return () => this.#listeners.delete(listener);
  }

  async #keepShell(): Promise<void> {
    for (;;) {
      try {
        const { client: shell } = connectApi(shellApi, await this.transport.open('shell'));
        this.#shell = { shell, facts: await shell.shell.facts() };
        this.#lost = false;
        for await (const event of shell.shell.events()) {
          if (event.type === 'engine') this.#noteEngine(event.engine);
          else for (const listener of this.#listeners) listener.onShellEvent(event);
          this.#tell();
        }
      } catch {
        // Whatever went wrong, there is nothing but to try again.
      }
      this.#shell = null;
      this.#engineState = null;
      this.#lost = true;
      this.#tell();
      await pause(RETRY_MS);
    }
  }

  async #keepEngine(): Promise<void> {
    for (;;) {
      // Asking in vain would only fill the console.
      while (this.#engineState?.state !== 'running') {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      try {
        this.#engine = connectApi(engineApi, await this.transport.open('engine'));
        this.#tell();
        await this.#engine.closed;
      } catch {
        // It ended while it was being connected.
      }
      this.#engine = null;
      this.#tell();
      await pause(RETRY_MS);
    }
  }

  #noteEngine(state: EngineState): void {
    // A port whose other end has died does not say so on every platform.
    const isAnother = state.state !== 'running' || state.restarts !== (this.#engineState?.restarts ?? state.restarts);
    this.#engineState = state;
    if (isAnother) this.#engine?.close();
  }

  #tell(): void {
    this.#wake();
    const state = this.#stateNow();
    this.#state = state;
    for (const listener of this.#listeners) listener.onState(state);
  }

  #stateNow(): LinkState {
    if (this.#shell === null) return { kind: this.#lost ? 'lost' : 'connecting' };
    if (this.#engineState?.state === 'stopped')
      return { kind: 'stopped', ...this.#shell, error: this.#engineState.error };
    if (this.#engine !== null) return { kind: 'ready', ...this.#shell, engine: this.#engine.client };
    const reason = this.#engineState?.state === 'restarting' ? this.#engineState.reason : null;
    return { kind: 'waiting', ...this.#shell, reason };
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
