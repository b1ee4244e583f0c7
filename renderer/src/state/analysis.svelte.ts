import type { ClipResult, Crop } from '#contract/analysis.ts';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import type { EngineClient } from '#contract/engine-api.ts';
import type { FileId } from '#contract/files.ts';
import type { Job, JobId, JobProgress, WatchEvent } from '#contract/jobs.ts';
import type { ResultId, Video } from '#contract/videos.ts';
import { defaultModel } from './default-model.ts';
import { Gathered } from './gathered.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

type Told<Type extends WatchEvent['type']> = Extract<WatchEvent, { readonly type: Type }>;

export type ViewScores = Told<'scores'>['view'];

/** What is known of one clip. Scores come before the result. */
export interface ClipAtHand {
  readonly scores: Readonly<Partial<Record<Crop, ViewScores>>>;
  readonly result: ClipResult | null;
  /** `[views, classes]`, softmax, views in the order of `result.views`. */
  readonly probabilities: Float32Array | null;
}

export type AnalysisPhase = 'idle' | 'opening' | 'queued' | 'running' | 'done' | 'failed' | 'cancelled' | 'interrupted';

/**
 * The video on screen and its analysis, as far as it has come: what Analyse and Compare show. Events are taken in a few times
 * a second, however many arrive.
 */
export class Analysis {
  readonly #session: Session;
  readonly #workspace: Workspace;
  #video = $state.raw<Video | null>(null);
  #job = $state.raw<JobId | null>(null);
  #start = $state.raw<Told<'start'> | null>(null);
  #clips = $state.raw<readonly (ClipAtHand | undefined)[]>([]);
  #labels = $state.raw<readonly string[]>([]);
  #progress = $state.raw<JobProgress | null>(null);
  #done = $state.raw<Told<'done'> | null>(null);
  #warnings = $state.raw<readonly Told<'warning'>['warning'][]>([]);
  #phase = $state<AnalysisPhase>('idle');
  #problem = $state.raw<Problem | null>(null);
  #stop = new AbortController();
  readonly #gathered = new Gathered<WatchEvent>((events) => this.#takeIn(events));

  constructor(session: Session, workspace: Workspace) {
    this.#session = session;
    this.#workspace = workspace;
  }

  get video(): Video | null {
    return this.#video;
  }

  get job(): JobId | null {
    return this.#job;
  }

  /** Facts that are known before the first clip: model, settings, device. */
  get start(): Told<'start'> | null {
    return this.#start;
  }

  /** By index; undefined for a clip of which nothing is known yet. */
  get clips(): readonly (ClipAtHand | undefined)[] {
    return this.#clips;
  }

  /** Names of the model's classes. */
  get labels(): readonly string[] {
    return this.#labels;
  }

  get progress(): JobProgress | null {
    return this.#progress;
  }

  get done(): Told<'done'> | null {
    return this.#done;
  }

  get warnings(): readonly Told<'warning'>['warning'][] {
    return this.#warnings;
  }

  get phase(): AnalysisPhase {
    return this.#phase;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Opens a video and analyses it with the settings in use, beginning at `fromSeconds`. */
  async open(file: FileId, fromSeconds = 0): Promise<void> {
    await this.#show((engine) => engine.videos.open({ file }), fromSeconds);
  }

  /** The same with the video that comes with Patchlight. */
  async openSample(): Promise<void> {
    await this.#show((engine) => engine.videos.openSample(), 0);
  }

  /** Shows a result of the queue or of an earlier day as it is. */
  async reopen(file: FileId, result: ResultId): Promise<void> {
    await this.#attempt(async (engine) => {
      this.#forget();
      this.#video = await engine.videos.open({ file });
      this.#follow(engine, await engine.analysis.reopen({ file, result }));
    });
  }

  /** Analyses the video on screen once more, with `change` to the settings in use. */
  async analyse(change: Partial<AnalysisRequest> = {}, fromSeconds = 0): Promise<void> {
    const video = this.#video;
    if (video === null) return;
    await this.#attempt(async (engine) => {
      this.#forgetAnalysis();
      await this.#begin(engine, video, change, fromSeconds);
    });
  }

  /** From now on clips nearest to `seconds` come first. */
  async focus(seconds: number): Promise<void> {
    const job = this.#job;
    if (job === null || this.#phase !== 'running') return;
    await this.#attempt((engine) => engine.analysis.focus({ job, seconds }));
  }

  async cancel(): Promise<void> {
    const job = this.#job;
    if (job === null || !this.isUnderWay) return;
    await this.#attempt((engine) => engine.analysis.cancel({ job }));
  }

  /** Goes on with what was cancelled, interrupted or has failed. */
  async resume(fromSeconds = 0): Promise<void> {
    const job = this.#job;
    if (job === null || this.isUnderWay) return;
    await this.#attempt(async (engine) => this.#follow(engine, await engine.analysis.resume({ job, fromSeconds })));
  }

  get isUnderWay(): boolean {
    return this.#phase === 'opening' || this.#phase === 'queued' || this.#phase === 'running';
  }

  /** Takes a clip that was chosen anew in the place of what is shown of it. */
  replace(index: number, clip: ClipAtHand): void {
    this.#clips = this.#clips.with(index, clip);
  }

  async #show(open: (engine: EngineClient) => Promise<Video>, fromSeconds: number): Promise<void> {
    await this.#attempt(async (engine) => {
      this.#forget();
      const video = await open(engine);
      this.#video = video;
      await this.#begin(engine, video, {}, fromSeconds);
    });
  }

  async #begin(engine: EngineClient, video: Video, change: Partial<AnalysisRequest>, fromSeconds: number) {
    const settings = this.#workspace.settings ?? (await engine.settings.read());
    const { views, selector, strideSeconds, topK } = settings;
    const model = change.model ?? settings.model ?? (await defaultModel(engine));
    const rest = { views, selector, topK, ...(strideSeconds === null ? {} : { strideSeconds }) };
    const request: AnalysisRequest = { ...rest, ...change, model };
    this.#follow(engine, await engine.analysis.begin({ file: video.file, request, fromSeconds, again: false }));
  }

  #follow(engine: EngineClient, { job }: Job): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#job = job;
    this.#phase = 'queued';
    this.#problem = null;
    void this.#watch(engine, job, this.#stop.signal);
  }

  async #watch(engine: EngineClient, job: JobId, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of engine.analysis.watch({ job }, { signal })) {
        if (signal.aborted) return;
        this.#gathered.add(event);
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#gathered.flush();
      this.#problem = problemOf(error);
      this.#phase = this.#problem === null ? 'interrupted' : 'failed';
    }
  }

  #takeIn(events: readonly WatchEvent[]): void {
    const clips = [...this.#clips];
    for (const event of events) this.#take(event, clips);
    this.#clips = clips;
  }

  #take(event: WatchEvent, clips: (ClipAtHand | undefined)[]): void {
    switch (event.type) {
      case 'queued':
        this.#phase = 'queued';
        break;
      case 'start':
        this.#start = event;
        this.#phase = 'running';
        clips.length = event.clips;
        void this.#readLabels(event.model.name);
        break;
      case 'scores': {
        const { clip, crop } = event.view;
        const before = clips[clip];
        const scores = { ...before?.scores, [crop]: event.view };
        clips[clip] = { result: null, probabilities: null, ...before, scores };
        break;
      }
      case 'clip': {
        const scores = clips[event.clip.index]?.scores ?? {};
        clips[event.clip.index] = { scores, result: event.clip as ClipResult, probabilities: event.probabilities };
        break;
      }
      case 'progress':
        this.#progress = event.progress;
        break;
      case 'warning':
        this.#warnings = [...this.#warnings, event.warning];
        break;
      case 'done':
        this.#done = event;
        this.#phase = 'done';
        break;
      case 'failed': {
        const { code, message, hint } = event.error;
        this.#problem = { code, message, hint: hint ?? null };
        this.#phase = 'failed';
        break;
      }
      case 'cancelled':
      case 'interrupted':
        this.#phase = event.type;
        break;
    }
  }

  async #readLabels(name: string): Promise<void> {
    try {
      const details = await this.#session.engine?.models.details({ name });
      if (details !== undefined && this.#start?.model.name === name) this.#labels = details.labels;
    } catch {
      // The model may have been removed since: predictions carry their names themselves.
    }
  }

  async #attempt(work: (engine: EngineClient) => Promise<unknown>): Promise<void> {
    const { engine } = this.#session;
    if (engine === null) return;
    try {
      await work(engine);
    } catch (error) {
      this.#problem = problemOf(error);
      if (this.#phase === 'opening') this.#phase = this.#problem === null ? 'idle' : 'failed';
    }
  }

  #forget(): void {
    this.#video = null;
    this.#forgetAnalysis();
  }

  #forgetAnalysis(): void {
    this.#stop.abort();
    this.#gathered.clear();
    this.#job = null;
    this.#start = null;
    this.#clips = [];
    this.#labels = [];
    this.#progress = null;
    this.#done = null;
    this.#warnings = [];
    this.#problem = null;
    this.#phase = 'opening';
  }
}
