import type { Crop, ViewScores } from '#contract/analysis.ts';
import type { EngineClient } from '#contract/engine-api.ts';
import { type ScoreRange, scoreRange } from '#contract/overlay/score-range.ts';
import { type HeatMapName, mapsOf } from '#contract/score-maps.ts';
import { DEFAULT_SETTINGS } from '#contract/settings.ts';
import type { Analysis } from './analysis.svelte.ts';
import { type ClipMap, KnownMaps } from './known-maps.ts';
import type { ModelList } from './model-list.svelte.ts';
import type { Overlay } from './overlay.svelte.ts';
import type { Playback } from './playback.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Selection } from './selection.svelte.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** A clip is asked for when it has been on screen for so long: others are only passed on the way. */
const CALM_MS = 60;

/** What a heat map depends on. */
interface HeatMapSources {
  readonly session: Session;
  readonly workspace: Workspace;
  readonly analysis: Analysis;
  readonly playback: Playback;
  readonly models: ModelList;
  readonly selection: Selection;
  readonly overlay: Overlay;
}

/**
 * Whose scores the heat overlay shows: those that the patches were chosen by, or a map of its own, which is asked for clip by
 * clip. The choice is remembered.
 */
export class HeatMap {
  readonly #from: HeatMapSources;
  #known = $state.raw(new KnownMaps());
  /** What was chosen, until it is kept: answers to earlier choices come in between. */
  #draft = $state.raw<{ readonly heatMap: HeatMapName } | null>(null);
  #failure = $state.raw<{ readonly of: ClipMap | null; readonly problem: Problem } | null>(null);

  readonly #choices = $derived.by((): readonly HeatMapName[] => {
    const model = this.#from.selection.start?.model.name;
    const selectors = model === undefined ? undefined : this.#from.models.named(model)?.selectors;
    return ['selection', ...(selectors === undefined ? [] : mapsOf(selectors))];
  });

  readonly #shown = $derived.by((): HeatMapName => {
    const { heatMap } = this.#draft ?? this.#from.workspace.settings ?? DEFAULT_SETTINGS;
    return this.#choices.includes(heatMap) ? heatMap : 'selection';
  });

  /** The map of the clip on screen; null where that is the selection's. */
  readonly #here = $derived.by(() => {
    const index = this.#from.selection.index;
    return index === null ? null : this.#of(index);
  });

  readonly #views = $derived.by((): Readonly<Partial<Record<Crop, ViewScores>>> => {
    const { views } = this.#from.selection;
    if (this.#shown === 'selection') return views;
    const known = this.#here === null ? undefined : this.#known.get(this.#here);
    return Object.fromEntries(
      Object.entries(views).flatMap(([crop, view]) => {
        const scores = known?.get(view.crop);
        return scores === undefined ? [] : [[crop, { ...view, scores }]];
      }),
    );
  });

  readonly #range = $derived.by(() => {
    if (this.#shown === 'selection') return this.#from.selection.range;
    const scores = Object.values(this.#views).map((view) => view.scores);
    return scoreRange(this.#shown, scores);
  });

  /** The next clip to ask for: the one on screen, or the one that is played after it while nothing else is computed. */
  readonly #missing = $derived.by((): number | null => {
    const index = this.#from.selection.index;
    if (this.#from.overlay.mode !== 'heat' || index === null) return null;
    const isIdle = this.#from.playback.isPlaying && !this.#from.analysis.isUnderWay;
    const wanted = isIdle ? [index, index + Math.sign(this.#from.playback.speed)] : [index];
    return wanted.find((clip) => this.#isMissing(clip)) ?? null;
  });

  constructor(sources: HeatMapSources) {
    this.#from = sources;
  }

  /** Asks for what is missing while a heat map is shown, for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { engine } = this.#from.session;
      const of = this.#missing === null ? null : this.#of(this.#missing);
      if (engine === null || of === null) return;
      const stop = new AbortController();
      const wait = setTimeout(() => void this.#ask(engine, of, stop.signal), CALM_MS);
      return () => {
        clearTimeout(wait);
        stop.abort();
      };
    });
  }

  /** What may be chosen for the model that is used. */
  get choices(): readonly HeatMapName[] {
    return this.#choices;
  }

  /** What is shown: the selection where the model does not have what was chosen. */
  get shown(): HeatMapName {
    return this.#shown;
  }

  /** The views of the clip on screen with the scores of the map; none of those that are not known yet. */
  get views(): Readonly<Partial<Record<Crop, ViewScores>>> {
    return this.#views;
  }

  /** What the scores of the clip on screen are measured by. */
  get range(): ScoreRange {
    return this.#range;
  }

  /** Whether the map of the clip on screen is on its way. */
  get isComing(): boolean {
    return this.#missing !== null && this.#missing === this.#from.selection.index && this.problem === null;
  }

  /** Why the map of the clip on screen is not there, or a choice could not be kept. */
  get problem(): Problem | null {
    const failure = this.#failure;
    return failure === null || (failure.of !== null && !areSame(failure.of, this.#here)) ? null : failure.problem;
  }

  async choose(heatMap: HeatMapName): Promise<void> {
    const draft = { heatMap };
    this.#draft = draft;
    this.#failure = null;
    try {
      await this.#from.workspace.change(draft);
    } catch (error) {
      this.#fail(null, error);
    }
    if (this.#draft === draft) this.#draft = null;
  }

  /** Chooses the one after that which is shown, after the last one the first. */
  async chooseNext(): Promise<void> {
    const next = this.#choices[(this.#choices.indexOf(this.#shown) + 1) % this.#choices.length];
    if (next !== undefined) await this.choose(next);
  }

  #of(clip: number): ClipMap | null {
    const { job } = this.#from.analysis;
    const map = this.#shown;
    return job === null || map === 'selection' ? null : { job, clip, map };
  }

  /** What is not analysed yet has to wait for that. */
  #isMissing(clip: number): boolean {
    const of = this.#of(clip);
    const isAnalysed = (this.#from.analysis.clips[clip]?.result ?? null) !== null;
    return of !== null && isAnalysed && this.#known.get(of) === undefined;
  }

  async #ask(engine: EngineClient, of: ClipMap, signal: AbortSignal): Promise<void> {
    this.#failure = null;
    try {
      const { views } = await engine.analysis.scoreMap(of, { signal });
      if (signal.aborted) return;
      this.#known = this.#known.with(of, new Map(views.map(({ crop, scores }) => [crop, scores])));
    } catch (error) {
      if (!signal.aborted) this.#fail(of, error);
    }
  }

  #fail(of: ClipMap | null, error: unknown): void {
    const problem = problemOf(error);
    this.#failure = problem === null ? null : { of, problem };
  }
}

function areSame(one: ClipMap, other: ClipMap | null): boolean {
  return one.job === other?.job && one.clip === other.clip && one.map === other.map;
}
