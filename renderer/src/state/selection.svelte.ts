import type { Crop, ViewScores } from '#contract/analysis.ts';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import type { EngineClient } from '#contract/engine-api.ts';
import type { JobId } from '#contract/jobs.ts';
import type { UsableModel } from '#contract/models.ts';
import { type ScoreRange, scoreRange } from '#contract/overlay/score-range.ts';
import { defaultKeepRule, type KeepRule, type SelectorName } from '#contract/selection.ts';
import type { SettingsChange } from '#contract/settings.ts';
import type { Analysis, ClipAtHand } from './analysis.svelte.ts';
import { ClipTimes } from './clip-times.ts';
import type { ModelList } from './model-list.svelte.ts';
import type { Playback } from './playback.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import { areSame, choiceOf, keptBy, requestOf, type SelectorChoice } from './selector-choice.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** A slider that is being moved asks for what comes after it only when it rests for so long. */
const CALM_MS = 60;

/** A clip with patches chosen anew. */
interface Reselected {
  readonly choice: SelectorChoice;
  readonly before: ClipAtHand;
  readonly after: ClipAtHand;
}

/**
 * The clip on screen, and how its patches are chosen. A changed choice is seen at once in the patches, a moment later in the
 * clip's prediction, and in the other clips when it is applied to all.
 */
export class Selection {
  readonly #session: Session;
  readonly #workspace: Workspace;
  readonly #analysis: Analysis;
  readonly #playback: Playback;
  readonly #models: ModelList;
  #draft = $state.raw<SelectorChoice | null>(null);
  #reselected = $state.raw<ReadonlyMap<number, Reselected>>(new Map());
  #isReselecting = $state(false);
  #job: JobId | null = null;
  #problem = $state.raw<Problem | null>(null);
  /** Shown until the analysis that was begun anew has come as far. */
  #held = $state.raw<{ readonly index: number; readonly clip: ClipAtHand; readonly choice: SelectorChoice } | null>(
    null,
  );

  /** Of the analysis before, until the one that was begun anew has told its own: controls stay where they are. */
  #startBefore = $state.raw<Analysis['start']>(null);
  readonly #start = $derived.by(() => this.#analysis.start ?? this.#startBefore);

  readonly #times = $derived.by(() => {
    const start = this.#start;
    const { job } = this.#analysis;
    if (start === null) return null;
    const span = job === null ? undefined : this.#workspace.job(job)?.request.span;
    return new ClipTimes(start, span?.startSeconds ?? 0);
  });

  readonly #place = $derived.by(() => this.#times?.at(this.#playback.seconds) ?? null);
  // Of their own, so that what depends on the clip is not done again for every frame.
  readonly #index = $derived(this.#place?.index ?? null);
  readonly #isInside = $derived(this.#place?.isInside ?? false);

  readonly #applied = $derived.by(() => {
    const start = this.#start;
    return start === null ? null : choiceOf(start.settings, this.#threshold);
  });

  readonly #heldHere = $derived.by(() => {
    const index = this.#index ?? this.#held?.index ?? null;
    const clip = index === null ? undefined : this.#analysis.clips[index];
    const isThere = clip !== undefined && Object.keys(clip.scores).length > 0;
    return !isThere && this.#held?.index === index ? this.#held : null;
  });

  readonly #clip = $derived.by((): ClipAtHand | null => {
    if (this.#heldHere !== null) return this.#heldHere.clip;
    return this.#index === null ? null : (this.#analysis.clips[this.#index] ?? null);
  });

  readonly #madeWith = $derived.by((): SelectorChoice | null => {
    if (this.#heldHere !== null) return this.#heldHere.choice;
    const reselected = this.#index === null ? undefined : this.#reselected.get(this.#index);
    return reselected?.after === this.#clip ? (reselected?.choice ?? null) : this.#applied;
  });

  readonly #views = $derived.by((): Readonly<Partial<Record<Crop, ViewScores>>> => {
    const clip = this.#clip;
    const madeWith = this.#madeWith;
    const choice = this.choice;
    if (clip === null || madeWith === null || choice === null) return {};
    return Object.fromEntries(
      Object.entries(clip.scores).map(([crop, view]) => {
        const kept = keptBy(choice, view, madeWith, this.#threshold !== null) ?? view.kept;
        return [crop, kept === view.kept ? view : { ...view, kept }];
      }),
    );
  });

  readonly #range = $derived(
    scoreRange(
      this.choice?.name ?? 'interpreter',
      Object.values(this.#views).map(({ scores }) => scores),
    ),
  );

  constructor(session: Session, workspace: Workspace, analysis: Analysis, playback: Playback, models: ModelList) {
    this.#session = session;
    this.#workspace = workspace;
    this.#analysis = analysis;
    this.#playback = playback;
    this.#models = models;
  }

  /** Chooses the clip on screen anew whenever the choice is another one, for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { start, job } = this.#analysis;
      if (start === null || job === this.#job) return;
      this.#job = job;
      this.#draft = null;
      this.#reselected = new Map();
      this.#problem = null;
    });
    $effect(() => {
      const { start, video } = this.#analysis;
      if (video === null) this.#held = null;
      if (video === null || start !== null) this.#startBefore = start;
    });
    $effect(() => {
      const { engine } = this.#session;
      const { job } = this.#analysis;
      const choice = this.choice;
      const index = this.#index;
      const madeWith = this.#madeWith;
      if (engine === null || job === null || choice === null || index === null || madeWith === null) return;
      if (this.#heldHere !== null || (this.#clip?.result ?? null) === null || areSame(choice, madeWith)) return;
      if (this.#applied !== null && areSame(choice, this.#applied)) {
        this.#giveBack(index);
        return;
      }
      const stop = new AbortController();
      const wait = setTimeout(() => void this.#reselect(engine, job, index, choice, stop.signal), CALM_MS);
      return () => {
        clearTimeout(wait);
        stop.abort();
        this.#isReselecting = false;
      };
    });
  }

  /** What the clips are analysed with; null before the first analysis of the video. */
  get start(): Analysis['start'] {
    return this.#start;
  }

  /** When the clips are; null while nothing is known of them. */
  get times(): ClipTimes | null {
    return this.#times;
  }

  /** The clip that speaks for the moment on screen, or is nearest to it. */
  get index(): number | null {
    return this.#index;
  }

  /** False where no clip covers the moment on screen. */
  get isInsideClip(): boolean {
    return this.#isInside;
  }

  /** What is known of the clip on screen. */
  get clip(): ClipAtHand | null {
    return this.#clip;
  }

  /** The views of the clip on screen, with the patches that are kept by the choice at hand. */
  get views(): Readonly<Partial<Record<Crop, ViewScores>>> {
    return this.#views;
  }

  /** What the scores of the clip on screen are measured by. */
  get range(): ScoreRange {
    return this.#range;
  }

  /** What was chosen last; null before the first analysis. */
  get choice(): SelectorChoice | null {
    return this.#draft ?? this.#applied;
  }

  /** Whether the choice is another one than that of the analysis. */
  get isDraft(): boolean {
    return this.#draft !== null && this.#applied !== null && !areSame(this.#draft, this.#applied);
  }

  /** Clips that were chosen anew and are shown so, unlike the rest. */
  get differing(): readonly number[] {
    return [...this.#reselected].filter(([i, { after }]) => this.#analysis.clips[i] === after).map(([i]) => i);
  }

  /** Whether the prediction of the clip on screen is not that of the choice at hand yet. */
  get isReselecting(): boolean {
    return this.#isReselecting;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  chooseSelector(name: SelectorName): void {
    const before = this.choice;
    if (before === null || before.name === name) return;
    const applied = this.#applied;
    const rule = applied?.name === name ? applied.rule : defaultKeepRule(name, this.#threshold);
    this.#draft = { ...before, name, rule };
  }

  chooseRule(rule: KeepRule): void {
    if (this.choice !== null) this.#draft = { ...this.choice, rule };
  }

  chooseSeed(seed: number): void {
    if (this.choice !== null) this.#draft = { ...this.choice, seed };
  }

  /** Analyses all clips by the choice at hand, beginning with the one on screen, and remembers it for other videos. */
  async applyToAll(): Promise<void> {
    const choice = this.choice;
    if (choice === null || !this.isDraft) return;
    const index = this.#index;
    const clip = this.#clip;
    const madeWith = this.#madeWith;
    this.#held = index === null || clip === null || madeWith === null ? null : { index, clip, choice: madeWith };
    const selector = requestOf(choice);
    await this.#begin({ selector }, { ...this.#requestAtHand, selector });
  }

  /** Analyses one or three crops, and remembers it for other videos. */
  async chooseViews(views: AnalysisRequest['views']): Promise<void> {
    this.#held = null;
    await this.#begin({ views }, { ...this.#requestAtHand, views });
  }

  /** Analyses with another model, and remembers it for other videos. What it cannot choose patches by is left to it. */
  async chooseModel({ name, selectors }: UsableModel): Promise<void> {
    this.#held = null;
    const before = this.#workspace.settings?.selector.name;
    const canChoose = before !== undefined && before !== 'interpreter' && selectors.includes(before);
    const selector = canChoose ? (this.#workspace.settings?.selector ?? {}) : {};
    await this.#begin({ model: name, selector }, { ...this.#requestAtHand, model: name, selector });
  }

  /** Goes back to the choice of the analysis, in every clip. */
  revert(): void {
    for (const index of this.differing) this.#giveBack(index);
    this.#draft = null;
    this.#problem = null;
  }

  /** What the analysis on screen was asked for with: it may be an earlier one, and other than the settings in use. */
  get #requestAtHand(): Partial<AnalysisRequest> {
    const { job } = this.#analysis;
    return (job === null ? undefined : this.#workspace.job(job)?.request) ?? {};
  }

  async #begin(change: SettingsChange, request: Partial<AnalysisRequest>): Promise<void> {
    this.#problem = null;
    try {
      await this.#workspace.change(change);
      await this.#analysis.analyse(request, this.#playback.seconds);
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  /** The interpreter's own threshold; null without one. */
  get #threshold(): number | null {
    const name = this.#start?.model.name;
    return name === undefined ? null : (this.#models.named(name)?.threshold ?? null);
  }

  async #reselect(
    engine: EngineClient,
    job: JobId,
    index: number,
    choice: SelectorChoice,
    signal: AbortSignal,
  ): Promise<void> {
    const before = this.#before(index);
    if (before === null) return;
    this.#isReselecting = true;
    this.#problem = null;
    try {
      const selector = requestOf(choice);
      const { clip, probabilities, views } = await engine.analysis.reselect({ job, clip: index, selector }, { signal });
      if (signal.aborted) return;
      const scores = Object.fromEntries(views.map((view) => [view.crop, view]));
      const after: ClipAtHand = { scores, result: clip, probabilities };
      this.#reselected = new Map(this.#reselected).set(index, { choice, before, after });
      this.#analysis.replace(index, after);
    } catch (error) {
      if (!signal.aborted) this.#problem = problemOf(error);
    } finally {
      if (!signal.aborted) this.#isReselecting = false;
    }
  }

  /** The clip as the analysis has it. */
  #before(index: number): ClipAtHand | null {
    const clip = this.#analysis.clips[index] ?? null;
    const reselected = this.#reselected.get(index);
    return reselected?.after === clip ? (reselected?.before ?? null) : clip;
  }

  #giveBack(index: number): void {
    const reselected = this.#reselected.get(index);
    if (reselected === undefined) return;
    const rest = new Map(this.#reselected);
    rest.delete(index);
    this.#reselected = rest;
    if (this.#analysis.clips[index] === reselected.after) this.#analysis.replace(index, reselected.before);
  }
}
