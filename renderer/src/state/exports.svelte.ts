import type { EngineClient } from '#contract/engine-api.ts';
import type { ExportChoice, ExportOrder } from '#contract/export-choice.ts';
import type { ExportFormat } from '#contract/exports.ts';
import type { FileId } from '#contract/files.ts';
import type { Job } from '#contract/jobs.ts';
import { DEFAULT_SETTINGS } from '#contract/settings.ts';
import { exportHeadline } from '../text/export-headline.ts';
import type { Actions } from './actions.svelte.ts';
import type { Analysis } from './analysis.svelte.ts';
import { ExportDialog, type ExportSubject } from './export-dialog.svelte.ts';
import { ExportRun } from './export-run.svelte.ts';
import type { Playback } from './playback.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';
import type { Workspace } from './workspace.svelte.ts';

const NOT_DONE: Problem = {
  code: 'job-unavailable',
  message: 'The analysis is not finished yet.',
  hint: 'Export it once it is done.',
};

/** What is exported in this window, and the dialog in which that is chosen. */
export class Exports {
  readonly #session: Session;
  readonly #workspace: Workspace;
  readonly #analysis: Analysis;
  readonly #playback: Playback;
  readonly #actions: Actions;
  #formats = $state.raw<readonly ExportFormat[]>([]);
  #dialog = $state.raw<ExportDialog | null>(null);
  #runs: readonly ExportRun[] = $state.raw([]);
  #problem = $state.raw<Problem | null>(null);

  constructor(session: Session, workspace: Workspace, analysis: Analysis, playback: Playback, actions: Actions) {
    this.#session = session;
    this.#workspace = workspace;
    this.#analysis = analysis;
    this.#playback = playback;
    this.#actions = actions;
  }

  /** Asks what can be made, for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { engine } = this.#session;
      if (engine !== null) void this.#readFormats(engine);
    });
  }

  /** Everything that can be made of an analysis. */
  get formats(): readonly ExportFormat[] {
    return this.#formats;
  }

  /** Null while it is closed. */
  get dialog(): ExportDialog | null {
    return this.#dialog;
  }

  /** Those that were begun here and are not put away, the latest last. */
  get runs(): readonly ExportRun[] {
    return this.#runs;
  }

  /** What the engine refused last. */
  get problem(): Problem | null {
    return this.#problem;
  }

  dismiss(): void {
    this.#problem = null;
  }

  /** Whether there is an analysis on screen that can be exported. */
  get canExport(): boolean {
    return this.#analysis.phase === 'done' && this.#analysis.job !== null && this.#session.engine !== null;
  }

  /** Opens the dialog for the video on screen. */
  openForScreen(): void {
    const { video, job } = this.#analysis;
    if (video === null || this.#session.engine === null) return;
    this.#problem = this.canExport ? null : NOT_DONE;
    if (job === null || !this.canExport) return;
    const { seconds } = this.#playback;
    const action = this.#actions.intervals.find((one) => one.startSeconds <= seconds && seconds < one.endSeconds);
    const labelled = action === undefined ? null : { ...action, label: this.#labelOf(action.classIndex) };
    const { name, durationSeconds } = video;
    this.#open({ kind: 'screen', job, name, durationSeconds, seconds, action: labelled });
  }

  /** Opens the dialog for videos of the queue that are done. */
  openForQueue(jobs: readonly Job[]): void {
    const [first, ...others] = jobs.filter(({ state }) => state === 'done');
    if (first === undefined) return;
    const name = others.length === 0 ? first.name : `${others.length + 1} videos`;
    this.#open({ kind: 'queue', jobs: [first, ...others].map(({ job }) => job), name });
  }

  /** Opens the dialog for whatever is added to the queue from now on. */
  openForAdded(): void {
    const { job } = this.#analysis;
    const sample = job !== null && this.canExport ? { job, seconds: this.#playback.seconds } : this.#doneInQueue;
    this.#open({ kind: 'added', sample });
  }

  close(): void {
    this.#dialog = null;
  }

  /** Does what is chosen in the dialog, and closes it. */
  async carryOut(): Promise<void> {
    const dialog = this.#dialog;
    const order = dialog?.order ?? null;
    const { engine } = this.#session;
    if (dialog === null || order === null || engine === null) return;
    this.close();
    this.#problem = null;
    const { subject, choice } = dialog;
    const { destination } = order;
    try {
      if (destination.to === 'folder') await engine.exports.keepFolder({ folder: destination.folder });
      await this.#workspace.change(subject.kind === 'added' ? { queueExports: choice } : { exports: choice });
      if (subject.kind === 'queue') await engine.queue.export({ jobs: [...subject.jobs], exports: order });
      else if (subject.kind === 'screen') this.#begin(dialog, subject, order);
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  /** Nothing more is exported of videos that are added to the queue. */
  async exportNothingOfAdded(): Promise<void> {
    try {
      await this.#workspace.change({ queueExports: null });
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  putAway(run: ExportRun): void {
    run.cancel();
    this.#runs = this.#runs.filter((one) => one !== run);
  }

  /** Shows a file in the system's file manager; on the desktop only. */
  async reveal(file: FileId): Promise<void> {
    const { link } = this.#session;
    if (link.kind !== 'ready') return;
    try {
      await link.shell.shell.showFile({ file });
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  get isDesktop(): boolean {
    const { link } = this.#session;
    return link.kind === 'ready' && link.facts.face === 'desktop';
  }

  #begin(dialog: ExportDialog, { job, name }: Extract<ExportSubject, { kind: 'screen' }>, order: ExportOrder): void {
    const { engine } = this.#session;
    if (engine === null) return;
    const run = new ExportRun(name, order.destination.to === 'download', dialog.makes);
    this.#runs = [...this.#runs, run];
    void run.follow(engine.exports.run({ ...order, jobs: [job] }, { signal: run.signal })).then(() => this.#say(run));
  }

  /** On the desktop the system says that it is over: people do something else meanwhile. */
  async #say(run: ExportRun): Promise<void> {
    const { link } = this.#session;
    if (!this.isDesktop || link.kind !== 'ready' || run.signal.aborted) return;
    const body = run.items.flatMap(({ how }) => (how.state === 'done' ? [how.file.name] : [])).join(', ');
    // Whoever cannot be told so sees it in the window.
    await link.shell.shell.notify({ title: exportHeadline(run), body: body.slice(0, 1000) }).catch(() => {});
  }

  #open(subject: ExportSubject): void {
    const { settings } = this.#workspace;
    const remembered: ExportChoice | undefined =
      subject.kind === 'added' ? (settings?.queueExports ?? settings?.exports) : settings?.exports;
    this.#dialog = new ExportDialog({
      ...{ session: this.#session, subject, rule: this.#actions },
      formats: () => this.#formats,
      choice: remembered ?? DEFAULT_SETTINGS.exports,
    });
  }

  async #readFormats(engine: EngineClient): Promise<void> {
    try {
      this.#formats = await engine.exports.formats();
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  get #doneInQueue(): Extract<ExportSubject, { kind: 'added' }>['sample'] {
    const done = this.#workspace.jobs.find(({ lane, state }) => lane === 'queue' && state === 'done');
    return done === undefined ? null : { job: done.job, seconds: 0 };
  }

  #labelOf(classIndex: number): string {
    return this.#analysis.labels[classIndex] ?? `Class ${classIndex}`;
  }
}
