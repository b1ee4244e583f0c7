import type { EngineClient } from '#contract/engine-api.ts';
import type { ExportChoice } from '#contract/export-choice.ts';
import type { FileId, GrantedFile } from '#contract/files.ts';
import type { Job } from '#contract/jobs.ts';
import type { QueueChoice } from '#contract/settings.ts';
import { defaultModel } from './default-model.ts';
import { orderOf } from './export-order.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

/** The engine takes so many at a time. */
const MOST_FILES = 1000;

/** The videos that are analysed one after another, and what is chosen for those that are added. */
export class VideoQueue {
  readonly #session: Session;
  readonly #workspace: Workspace;
  readonly #jobs: readonly Job[] = $derived.by(() => this.#workspace.jobs.filter(({ lane }) => lane === 'queue'));
  #problem = $state.raw<Problem | null>(null);
  #added = $state(0);

  constructor(session: Session, workspace: Workspace) {
    this.#session = session;
    this.#workspace = workspace;
  }

  /** In the order in which they were added. */
  get jobs(): readonly Job[] {
    return this.#jobs;
  }

  get isPaused(): boolean {
    return this.#workspace.queue.paused;
  }

  get running(): Job | null {
    return this.#jobs.find(({ state }) => state === 'running') ?? null;
  }

  /** Those of which something is still to be done, the running one among them. */
  get left(): readonly Job[] {
    return this.#jobs.filter((job) => !isThrough(job));
  }

  get over(): readonly Job[] {
    return this.#jobs.filter(isThrough);
  }

  /** Those that can be exported. */
  get done(): readonly Job[] {
    return this.#jobs.filter(({ state }) => state === 'done');
  }

  /** How much of everything in the list is done, every video counted alike, 0 … 1; null for an empty list. */
  get share(): number | null {
    if (this.#jobs.length === 0) return null;
    return this.#jobs.reduce((sum, job) => sum + wholeShareOf(job), 0) / this.#jobs.length;
  }

  /** What the engine refused last. */
  get problem(): Problem | null {
    return this.#problem;
  }

  dismiss(): void {
    this.#problem = null;
  }

  /** How many were added last, for those who do not see the list. */
  get added(): number {
    return this.#added;
  }

  /** What videos are done with that are added; null until the settings are known. */
  get choice(): QueueChoice | null {
    const { settings } = this.#workspace;
    if (settings === null) return null;
    const { model, views, selector } = settings;
    return settings.queue ?? { model, views, selector };
  }

  /** Whether {@link choice} is one of its own, and not that of the video on screen. */
  get hasOwnChoice(): boolean {
    return (this.#workspace.settings?.queue ?? null) !== null;
  }

  /** What is made of videos that are added, once they are analysed; null for nothing. */
  get exports(): ExportChoice | null {
    return this.#workspace.settings?.queueExports ?? null;
  }

  /** Remembered for whatever is added from now on. Null: the same as for the video on screen. */
  async choose(change: Partial<QueueChoice> | null): Promise<void> {
    const { choice } = this;
    if (choice === null) return;
    await this.#attempt(() => this.#workspace.change({ queue: change === null ? null : { ...choice, ...change } }));
  }

  async add(files: readonly Pick<GrantedFile, 'file'>[]): Promise<void> {
    await this.#attempt(async (engine) => {
      const [request, exports] = await Promise.all([this.#request(engine), this.#order(engine)]);
      const ids: readonly FileId[] = files.map(({ file }) => file);
      for (let done = 0; done < ids.length; done += MOST_FILES) {
        await engine.queue.add({ files: ids.slice(done, done + MOST_FILES), request, exports });
      }
      this.#added = ids.length;
    });
  }

  async toggle(): Promise<void> {
    await this.#attempt(({ queue }) => (this.isPaused ? queue.start() : queue.pause()));
  }

  /** Ends the pause; what was interrupted goes on. */
  async start(): Promise<void> {
    await this.#attempt(({ queue }) => queue.start());
  }

  async cancel({ job }: Job): Promise<void> {
    await this.#attempt(({ analysis }) => analysis.cancel({ job }));
  }

  /** Goes on where it stopped, or does what is done once more. */
  async retry({ job }: Job): Promise<void> {
    await this.#attempt(({ queue }) => queue.retry({ job }));
  }

  /** Stops the exports of a video; what is written stays. */
  async stopExports({ job }: Job): Promise<void> {
    await this.#attempt(({ queue }) => queue.cancelExports({ job }));
  }

  async remove({ job }: Job): Promise<void> {
    await this.#attempt(({ queue }) => queue.remove({ job }));
  }

  /** Takes out what is over. Results stay. */
  async clear(): Promise<void> {
    await this.#attempt(({ queue }) => queue.clear());
  }

  async #request(engine: EngineClient) {
    const settings = this.#workspace.settings ?? (await engine.settings.read());
    const { model, views, selector } = settings.queue ?? settings;
    const { strideSeconds, topK } = settings;
    return {
      model: model ?? (await defaultModel(engine)),
      views,
      selector,
      topK,
      ...(strideSeconds === null ? {} : { strideSeconds }),
    };
  }

  async #order(engine: EngineClient) {
    const { queueExports, intervals } = this.#workspace.settings ?? (await engine.settings.read());
    const { link } = this.#session;
    return orderOf(engine, queueExports, intervals, link.kind === 'ready' && link.facts.face === 'desktop');
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

/** How much of a video is done, 0 … 1. */
export function shareOf({ state, progress }: Job): number {
  if (state === 'done') return 1;
  return progress === null ? 0 : progress.viewsDone / Math.max(1, progress.viewsTotal);
}

/** How much of a video and of its exports is done, 0 … 1: where there are some, nobody knows which of the two takes longer. */
export function wholeShareOf(job: Job): number {
  if (isThrough(job)) return 1;
  return job.exports === null ? shareOf(job) : (shareOf(job) + job.exports.share) / 2;
}

/** Whether nothing more becomes of a video by itself, neither a result nor files. */
function isThrough({ state, exports }: Job): boolean {
  if (state === 'done') return exports === null || !['waiting', 'running'].includes(exports.state);
  return isOver(state);
}

function isOver(state: Job['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}
