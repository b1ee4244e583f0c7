import type { FileId } from '#contract/files.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsChange } from '#contract/settings.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** Changes the settings, each at once, and forgets what was open. */
export class Preferences {
  readonly #session: Session;
  readonly #workspace: Workspace;
  #problem = $state.raw<Problem | null>(null);

  constructor(session: Session, workspace: Workspace) {
    this.#session = session;
    this.#workspace = workspace;
  }

  /** Null until the engine has told them. */
  get settings(): Settings | null {
    return this.#workspace.settings;
  }

  get areDefaults(): boolean {
    return JSON.stringify(sorted(this.settings)) === JSON.stringify(sorted(DEFAULT_SETTINGS));
  }

  /** Why the last change was not taken. */
  get problem(): Problem | null {
    return this.#problem;
  }

  async change(change: SettingsChange): Promise<void> {
    await this.#attempt(() => this.#workspace.change(change));
  }

  async reset(): Promise<void> {
    await this.change(DEFAULT_SETTINGS);
  }

  async forget(file: FileId): Promise<void> {
    await this.#attempt(async () => this.#session.engine?.videos.forget({ file }));
  }

  async forgetAll(): Promise<void> {
    await this.#attempt(async () => this.#session.engine?.videos.forgetAll());
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

/** The same settings, however they came about, in the same order. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, sorted(one)]));
}
