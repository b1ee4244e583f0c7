import { untrack } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { EngineClient, EngineEvent } from '#contract/engine-api.ts';
import type { Job, JobId, Queue } from '#contract/jobs.ts';
import type { Notice } from '#contract/notices.ts';
import type { Settings, SettingsChange } from '#contract/settings.ts';
import type { RecentVideo } from '#contract/videos.ts';
import type { Session } from './session.svelte.ts';

/** What the engine says of itself, kept up to date for every screen: settings, recent videos, jobs, notices. */
export class Workspace {
  readonly #session: Session;
  #settings = $state.raw<Settings | null>(null);
  #recent = $state.raw<readonly RecentVideo[]>([]);
  #queue = $state.raw<Queue>({ paused: false });
  #notices = $state.raw<readonly Notice[]>([]);
  #modelsRevision = $state(0);
  readonly #jobs = new SvelteMap<JobId, Job>();

  constructor(session: Session) {
    this.#session = session;
  }

  /** Listens to whichever engine there is, for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { engine } = this.#session;
      if (engine === null) return;
      const stop = new AbortController();
      // It reads what it changes, and listens to one engine once.
      untrack(() => void this.#listen(engine, stop.signal));
      return () => stop.abort();
    });
  }

  /** Null until the engine has told them. */
  get settings(): Settings | null {
    return this.#settings;
  }

  get recent(): readonly RecentVideo[] {
    return this.#recent;
  }

  /** In the order in which they were added. */
  get jobs(): readonly Job[] {
    return [...this.#jobs.values()].sort((a, b) => a.addedAt - b.addedAt);
  }

  job(id: JobId): Job | undefined {
    return this.#jobs.get(id);
  }

  get queue(): Queue {
    return this.#queue;
  }

  get notices(): readonly Notice[] {
    return this.#notices;
  }

  /** Changes whenever models came or went: read it where the list is asked for. */
  get modelsRevision(): number {
    return this.#modelsRevision;
  }

  /** Shown at once; the engine's answer decides. */
  async change(change: SettingsChange): Promise<void> {
    const { engine } = this.#session;
    if (engine === null || this.#settings === null) return;
    const before = this.#settings;
    this.#settings = Object.assign({ ...before }, change);
    try {
      this.#settings = await engine.settings.change(change);
    } catch (error) {
      this.#settings = before;
      throw error;
    }
  }

  async dismiss({ id }: Notice): Promise<void> {
    this.#notices = this.#notices.filter((one) => one.id !== id);
    await this.#session.engine?.engine.dismissNotice({ id });
  }

  async #listen(engine: EngineClient, signal: AbortSignal): Promise<void> {
    // What an engine before this one said stays on screen until all is told.
    const old = new Set<string>([...this.#jobs.keys(), ...this.#notices.map(({ id }) => id)]);
    try {
      for await (const event of engine.engine.events(undefined, { signal })) {
        if (event.type === 'job') old.delete(event.job.job);
        else if (event.type === 'notice') old.delete(event.notice.id);
        else if (event.type === 'all-told') this.#forget(old);
        this.#take(event);
      }
    } catch {
      // The engine is gone, and the session says so; another one tells everything anew.
    }
  }

  #forget(ids: ReadonlySet<string>): void {
    for (const id of ids) this.#jobs.delete(id);
    this.#notices = this.#notices.filter(({ id }) => !ids.has(id));
  }

  #take(event: EngineEvent): void {
    switch (event.type) {
      case 'settings':
        this.#settings = event.settings;
        break;
      case 'recent':
        this.#recent = event.videos;
        break;
      case 'models':
        this.#modelsRevision += 1;
        break;
      case 'queue':
        this.#queue = event.queue;
        break;
      case 'job':
        this.#jobs.set(event.job.job, event.job);
        break;
      case 'job-removed':
        this.#jobs.delete(event.job);
        break;
      case 'notice':
        this.#notices = [...this.#notices.filter(({ id }) => id !== event.notice.id), event.notice];
        break;
      case 'notice-dismissed':
        this.#notices = this.#notices.filter(({ id }) => id !== event.id);
        break;
    }
  }
}
