import { SvelteMap } from 'svelte/reactivity';
import type { EngineClient } from '#contract/engine-api.ts';
import type { Model, ModelDetails } from '#contract/models.ts';
import { ModelFetches } from './model-fetches.svelte.ts';
import { ModelImporting } from './model-import.svelte.ts';
import type { ModelList } from './model-list.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** What the Models screen shows beside its list. */
export type ModelsPlace =
  | { readonly kind: 'model'; readonly name: string }
  /** A public checkpoint: listed, under way, or broken off. */
  | { readonly kind: 'checkpoint'; readonly source: string }
  | { readonly kind: 'address' }
  | { readonly kind: 'import' }
  | { readonly kind: 'machine' };

/** What the Models screen shows: the models of this computer, the ways to more, and what was asked of them. */
export class ModelsScreen {
  readonly fetches: ModelFetches;
  readonly importing: ModelImporting;
  readonly #session: Session;
  readonly #workspace: Workspace;
  readonly #list: ModelList;
  readonly #details = new SvelteMap<string, ModelDetails>();
  #place = $state.raw<ModelsPlace | null>(null);
  #problem = $state.raw<Problem | null>(null);

  constructor(session: Session, workspace: Workspace, list: ModelList) {
    this.#session = session;
    this.#workspace = workspace;
    this.#list = list;
    this.fetches = new ModelFetches(session, workspace);
    this.importing = new ModelImporting(session);
  }

  /** Keeps what can be fetched up to date, for as long as the component lives that calls this. */
  follow(): void {
    this.fetches.follow();
  }

  /** Shipped ones first. */
  get all(): readonly Model[] {
    return this.#list.all;
  }

  find(name: string): Model | undefined {
    return this.all.find((model) => model.name === name);
  }

  /** The model that was fetched from a listed source. */
  fetchedFrom(source: string): Model | undefined {
    const page = this.fetches.checkpoints.find((listed) => listed.source === source)?.page;
    return this.all.find(
      (model) => model.state === 'usable' && model.provenance === 'fetched' && model.licence.source === page,
    );
  }

  /** The name of the model that analyses. */
  get inUse(): string | null {
    return this.#workspace.settings?.model ?? this.#list.standard?.name ?? null;
  }

  get place(): ModelsPlace {
    const isGone = this.#place?.kind === 'model' && this.find(this.#place.name) === undefined;
    return isGone || this.#place === null ? { kind: 'model', name: this.inUse ?? '' } : this.#place;
  }

  /** What has come to its end was seen, and is put away. */
  go(place: ModelsPlace): void {
    for (const { source, report } of this.fetches.begun) if (report.phase === 'done') this.fetches.putAway(source);
    if (this.importing.report?.phase === 'done') this.importing.putAway();
    this.#place = place;
    this.#problem = null;
  }

  /** Why the last thing that was asked of a model was not done. */
  get problem(): Problem | null {
    return this.#problem;
  }

  dismiss(): void {
    this.#problem = null;
  }

  /** Undefined until they were read. */
  details(name: string): ModelDetails | undefined {
    return this.#details.get(name);
  }

  async readDetails(name: string): Promise<void> {
    await this.#attempt(async (engine) => this.#details.set(name, await engine.models.details({ name })));
  }

  /** Analyses with this model from now on. */
  async use(name: string): Promise<void> {
    await this.#attempt(() => this.#workspace.change({ model: name }));
  }

  async remove(name: string): Promise<void> {
    await this.#attempt(async (engine) => {
      if (this.#workspace.settings?.model === name) await this.#workspace.change({ model: null });
      await engine.models.remove({ name });
      this.#details.delete(name);
    });
  }

  async #attempt(work: (engine: EngineClient) => Promise<unknown>): Promise<void> {
    const { engine } = this.#session;
    if (engine === null) return;
    this.#problem = null;
    try {
      await work(engine);
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }
}
