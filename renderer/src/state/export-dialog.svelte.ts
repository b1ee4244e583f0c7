import { untrack } from 'svelte';
import type { EngineClient } from '#contract/engine-api.ts';
import type {
  ExportChoice,
  ExportDestination,
  ExportKind,
  ExportOrder,
  ExportSettings,
} from '#contract/export-choice.ts';
import type { ExportFormat, PlannedExport } from '#contract/exports.ts';
import type { GrantedFile } from '#contract/files.ts';
import type { IntervalRule, TimeSpan } from '#contract/intervals.ts';
import type { JobId } from '#contract/jobs.ts';
import type { VideoExport } from '#contract/video-export.ts';
import { destinationOf } from './export-order.ts';
import { ExportPreview } from './export-preview.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';

/** What is exported: the video on screen, videos of the queue, or whatever is added to it from now on. */
export type ExportSubject =
  | {
      readonly kind: 'screen';
      readonly job: JobId;
      readonly name: string;
      readonly durationSeconds: number;
      /** The frame on screen. */
      readonly seconds: number;
      /** The action there; null where there is none. */
      readonly action: (TimeSpan & { readonly label: string }) | null;
    }
  | { readonly kind: 'queue'; readonly jobs: readonly JobId[]; readonly name: string }
  /** `sample`: a job by which the preview shows how videos will look. */
  | { readonly kind: 'added'; readonly sample: { readonly job: JobId; readonly seconds: number } | null };

/** Which part of the video an annotated one holds. */
export type ExportedPart = 'whole' | 'action' | 'span';

/** A folder with where it lies, where that is known. */
export type ChosenFolder = GrantedFile & { readonly path?: string };

/** What an export dialog is opened with. */
export interface ExportDialogParts {
  readonly session: Session;
  readonly subject: ExportSubject;
  readonly choice: ExportChoice;
  /** Everything that can be made. */
  readonly formats: () => readonly ExportFormat[];
  /** The rule by which the timeline makes actions of clips; changed there, too. */
  readonly rule: { rule: IntervalRule };
}

/** The choices of one export, while they are made. Nothing is remembered before they are carried out. */
export class ExportDialog {
  readonly subject: ExportSubject;
  readonly preview: ExportPreview;
  readonly #session: Session;
  readonly #rule: { rule: IntervalRule };
  readonly #formats: () => readonly ExportFormat[];
  #kinds: readonly ExportKind[];
  #to: ExportDestination['to'];
  #folder = $state.raw<ChosenFolder | null>(null);
  #video: VideoExport;
  #part = $state<ExportedPart>('whole');
  #span: TimeSpan;
  #overwrites = $state(false);
  #plan = $state.raw<readonly PlannedExport[] | null>(null);
  #problem = $state.raw<Problem | null>(null);

  constructor({ session, subject, choice, formats, rule }: ExportDialogParts) {
    this.#session = session;
    this.#formats = formats;
    this.#rule = rule;
    this.subject = subject;
    this.preview = new ExportPreview(session);
    const whole = { startSeconds: 0, endSeconds: subject.kind === 'screen' ? subject.durationSeconds : 0 };
    this.#kinds = $state.raw(choice.kinds);
    this.#to = $state(destinationOf(choice, this.isDesktop));
    this.#video = $state.raw({ ...choice.video, span: null });
    this.#span = $state.raw(subject.kind === 'screen' ? (subject.action ?? whole) : whole);
  }

  /** Asks where exports would go, for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { engine } = this.#session;
      if (engine === null) return;
      const stop = new AbortController();
      untrack(() => void this.#readFolder(engine, stop.signal));
      return () => stop.abort();
    });
    $effect(() => {
      const { engine } = this.#session;
      const { subject, exports, destination } = this;
      this.#plan = null;
      if (engine === null || subject.kind !== 'screen' || exports.length === 0 || destination === null) return;
      const stop = new AbortController();
      const request = { jobs: [subject.job], exports: [...exports], destination };
      engine.exports.plan(request, { signal: stop.signal }).then(
        (plan) => {
          if (stop.signal.aborted) return;
          this.#plan = plan;
          this.#problem = null;
        },
        (error: unknown) => {
          if (!stop.signal.aborted) this.#problem = problemOf(error);
        },
      );
      return () => stop.abort();
    });
    this.preview.follow(() => this.#previewed);
  }

  get isDesktop(): boolean {
    const { link } = this.#session;
    return link.kind === 'ready' && link.facts.face === 'desktop';
  }

  /** Everything that can be made. */
  get formats(): readonly ExportFormat[] {
    return this.#formats();
  }

  isChosen(kind: ExportKind): boolean {
    return this.#kinds.includes(kind);
  }

  toggle(kind: ExportKind): void {
    const kinds = this.isChosen(kind) ? this.#kinds.filter((one) => one !== kind) : [...this.#kinds, kind];
    // In the order in which they are listed.
    this.#kinds = this.formats.map((format) => format.kind).filter((one) => kinds.includes(one));
  }

  /** What is chosen and exists. */
  get chosen(): readonly ExportFormat[] {
    return this.formats.filter(({ kind }) => this.isChosen(kind));
  }

  get makesVideos(): boolean {
    return this.chosen.some(({ group }) => group === 'video');
  }

  get to(): ExportDestination['to'] {
    return this.#to;
  }

  goTo(to: ExportDestination['to']): void {
    this.#to = to;
    if (to === 'folder' && this.#folder === null) void this.chooseFolder();
  }

  get folder(): ChosenFolder | null {
    return this.#folder;
  }

  /** Shows the system's dialog; without a choice everything stays as it is. */
  async chooseFolder(): Promise<void> {
    const { link } = this.#session;
    if (link.kind !== 'ready') return;
    try {
      const chosen = await link.shell.shell.chooseFolder();
      if (chosen !== null) this.#folder = chosen;
      if (this.#folder !== null) this.#to = 'folder';
      else if (this.#to === 'folder') this.#to = 'beside';
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  /** Null while no folder is chosen that the files are to go into. */
  get destination(): ExportDestination | null {
    if (this.#to !== 'folder') return { to: this.#to };
    return this.#folder === null ? null : { to: 'folder', folder: this.#folder.file };
  }

  /** How videos are drawn, and which part of them. */
  get video(): VideoExport {
    return { ...this.#video, span: this.#spanOfPart };
  }

  draw(change: Partial<Omit<VideoExport, 'span'>>): void {
    this.#video = { ...this.#video, ...change };
  }

  get part(): ExportedPart {
    return this.#part;
  }

  choosePart(part: ExportedPart): void {
    this.#part = part;
  }

  get span(): TimeSpan {
    return this.#span;
  }

  chooseSpan(span: TimeSpan): void {
    this.#span = span;
  }

  /** Null when all is well. */
  get spanFault(): string | null {
    if (this.#part !== 'span' || this.#span.startSeconds < this.#span.endSeconds) return null;
    return 'It has to start before it ends.';
  }

  /** How clips become actions, in everything that has them. */
  get rule(): IntervalRule {
    return this.#rule.rule;
  }

  set rule(rule: IntervalRule) {
    this.#rule.rule = rule;
  }

  /** Whether files that are there are replaced. */
  get overwrites(): boolean {
    return this.#overwrites;
  }

  overwrite(overwrites: boolean): void {
    this.#overwrites = overwrites;
  }

  /** Where each export would go; null while that is not known, or is not asked for. */
  get plan(): readonly PlannedExport[] | null {
    return this.#plan;
  }

  /** Exports of which there are files already. */
  get existing(): readonly PlannedExport[] {
    return this.#plan?.filter(({ existing }) => existing > 0) ?? [];
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** What would be made now: without what cannot be, and without what is there and is to stay. */
  get makes(): readonly ExportFormat[] {
    const left = (kind: ExportKind) => {
      const planned = this.#plan?.find((one) => one.kind === kind);
      if (planned === undefined) return true;
      return planned.error === null && (this.#overwrites || planned.existing === 0);
    };
    return this.chosen.filter(({ kind }) => left(kind));
  }

  get isReady(): boolean {
    const isPlanned = this.subject.kind !== 'screen' || this.#plan !== null;
    const isThere = this.#session.engine !== null && this.destination !== null;
    return isThere && isPlanned && this.makes.length > 0 && this.spanFault === null;
  }

  /** What is asked of the engine. */
  get order(): ExportOrder | null {
    const { destination, settings } = this;
    if (destination === null) return null;
    const exports = this.makes.map(({ kind, pattern }) => ({ kind, pattern }));
    return { exports, destination, settings, overwrite: this.#overwrites };
  }

  /** What is remembered for the next time. */
  get choice(): ExportChoice {
    return { kinds: [...this.#kinds], to: this.#to, video: { ...this.#video, span: null } };
  }

  get settings(): ExportSettings {
    return { intervals: this.rule, video: this.video };
  }

  get exports(): readonly { readonly kind: ExportKind; readonly pattern: string }[] {
    return this.chosen.map(({ kind, pattern }) => ({ kind, pattern }));
  }

  get #spanOfPart(): VideoExport['span'] {
    if (this.subject.kind !== 'screen' || this.#part === 'whole') return null;
    const { startSeconds, endSeconds } = this.#part === 'action' ? (this.subject.action ?? this.#span) : this.#span;
    return startSeconds < endSeconds ? { startSeconds, endSeconds } : null;
  }

  get #previewed() {
    if (!this.makesVideos) return null;
    const { subject, video } = this;
    if (subject.kind === 'added') return subject.sample === null ? null : { ...subject.sample, video };
    if (subject.kind === 'queue') {
      const [job] = subject.jobs;
      return job === undefined ? null : { job, seconds: 0, video };
    }
    const { startSeconds = 0, endSeconds = Number.POSITIVE_INFINITY } = video.span ?? {};
    // The frame on screen where it will be in the video, else the first one that will.
    const isInside = subject.seconds >= startSeconds && subject.seconds < endSeconds;
    return { job: subject.job, seconds: isInside ? subject.seconds : startSeconds, video };
  }

  async #readFolder(engine: EngineClient, signal: AbortSignal): Promise<void> {
    try {
      this.#folder ??= await engine.exports.folder(undefined, { signal });
      if (this.#folder === null && this.#to === 'folder') this.#to = 'beside';
    } catch (error) {
      if (!signal.aborted) this.#problem = problemOf(error);
    }
  }
}
