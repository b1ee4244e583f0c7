import { SvelteMap } from 'svelte/reactivity';
import type { EngineClient } from '#contract/engine-api.ts';
import type { Catalogue, FetchOffer, Licence, PublicCheckpoint, UnfinishedFetch } from '#contract/model-fetch.ts';
import { ImportReport } from './import-report.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** One fetch that was begun in this window. */
export interface Fetch {
  readonly source: string;
  readonly title: string;
  readonly name: string;
  readonly licence: Licence;
  readonly report: ImportReport;
  readonly stop: AbortController;
}

/** How asking a source stands. */
export type OfferState =
  | { readonly kind: 'none' }
  | { readonly kind: 'asking'; readonly source: string }
  | { readonly kind: 'offer'; readonly offer: FetchOffer }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Public checkpoints: those that are listed, those that broke off, and those that are being fetched. */
export class ModelFetches {
  readonly #session: Session;
  readonly #workspace: Workspace;
  readonly #fetches = new SvelteMap<string, Fetch>();
  #catalogue = $state.raw<Catalogue>({ checkpoints: [], unfinished: [] });
  #offer = $state.raw<OfferState>({ kind: 'none' });
  #asking = new AbortController();

  constructor(session: Session, workspace: Workspace) {
    this.#session = session;
    this.#workspace = workspace;
  }

  /** Keeps the list up to date for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { engine } = this.#session;
      // A fetch that ended has changed what is unfinished.
      void this.#workspace.modelsRevision;
      if (engine !== null) void this.#read(engine);
    });
  }

  get checkpoints(): readonly PublicCheckpoint[] {
    return this.#catalogue.checkpoints;
  }

  /** Fetches that broke off, without those that are under way here. */
  get unfinished(): readonly UnfinishedFetch[] {
    return this.#catalogue.unfinished.filter(({ source }) => this.#fetches.get(source)?.report.phase !== 'running');
  }

  /** Begun in this window, and not put away. */
  get begun(): readonly Fetch[] {
    return [...this.#fetches.values()];
  }

  fetch(source: string): Fetch | undefined {
    return this.#fetches.get(source);
  }

  /** What the source that was asked last has. */
  get offer(): OfferState {
    return this.#offer;
  }

  /** Asks a source what it has. */
  async ask(source: string): Promise<void> {
    const { engine } = this.#session;
    this.#asking.abort();
    if (engine === null) return;
    const asking = new AbortController();
    this.#asking = asking;
    this.#offer = { kind: 'asking', source };
    try {
      const offer = await engine.models.offer({ source }, { signal: asking.signal });
      this.#offer = { kind: 'offer', offer };
    } catch (error) {
      if (asking.signal.aborted) return;
      const problem = problemOf(error);
      this.#offer = problem === null ? { kind: 'none' } : { kind: 'refused', problem };
    }
  }

  forgetOffer(): void {
    this.#asking.abort();
    this.#offer = { kind: 'none' };
  }

  /** Fetches from a source whose licence the user has accepted; goes on where an earlier fetch of it stopped. */
  begin({ source, title, name, licence }: Pick<Fetch, 'source' | 'title' | 'name' | 'licence'>): void {
    const { engine } = this.#session;
    if (engine === null || this.#fetches.get(source)?.report.phase === 'running') return;
    const stop = new AbortController();
    const report = new ImportReport();
    this.#fetches.set(source, { source, title, name, licence, report, stop });
    const request = { source, name, acceptedLicence: licence.id };
    void report.follow(engine.models.fetch(request, { signal: stop.signal }));
  }

  /** Stops a fetch; what has arrived is kept. */
  cancel(source: string): void {
    this.#fetches.get(source)?.stop.abort();
  }

  /** Takes the report of a fetch that is over off the screen. */
  putAway(source: string): void {
    if (this.#fetches.get(source)?.report.phase !== 'running') this.#fetches.delete(source);
  }

  /** Deletes what has arrived of a fetch that broke off. */
  async discard(source: string): Promise<void> {
    const { engine } = this.#session;
    if (engine === null) return;
    await engine.models.discardFetch({ source });
    this.#fetches.delete(source);
    await this.#read(engine);
  }

  async #read(engine: EngineClient): Promise<void> {
    try {
      this.#catalogue = await engine.models.catalogue();
    } catch {
      // The engine is gone; another one is asked anew.
    }
  }
}
