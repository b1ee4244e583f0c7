import type { StorageUse } from '#contract/storage.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Where everything is kept, and how much room it takes. */
export class DataFolder {
  readonly #session: Session;
  readonly #workspace: Workspace;
  #use = $state.raw<StorageUse | null>(null);
  #problem = $state.raw<Problem | null>(null);

  constructor(session: Session, workspace: Workspace) {
    this.#session = session;
    this.#workspace = workspace;
  }

  /** Looks at once and after other limits were chosen, for as long as the component lives that calls this. */
  follow(): void {
    const limits = $derived(JSON.stringify(this.#workspace.settings?.storage));
    $effect(() => {
      const { engine } = this.#session;
      void limits;
      if (engine === null) return;
      const stop = new AbortController();
      void this.#attempt(async () => {
        const use = await engine.storage.use(undefined, { signal: stop.signal });
        if (!stop.signal.aborted) this.#use = use;
      });
      return () => stop.abort();
    });
  }

  /** Null until it was looked at. */
  get use(): StorageUse | null {
    return this.#use;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Only a desktop has a file manager that can be asked. */
  get canOpen(): boolean {
    const { link } = this.#session;
    return link.kind === 'ready' && link.facts.face === 'desktop';
  }

  async open(): Promise<void> {
    const { link } = this.#session;
    if (link.kind === 'ready') await this.#attempt(() => link.shell.shell.openDataFolder());
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    this.#problem = null;
    try {
      await work();
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }
}
