import type { ExportKind } from '#contract/export-choice.ts';
import type { ExportEvent } from '#contract/exports.ts';
import type { GrantedFile } from '#contract/files.ts';
import { type Problem, problemOf } from './problem.ts';

/** How one export of a run stands. */
export type ExportItemState =
  | { readonly state: 'waiting' }
  | { readonly state: 'running'; readonly share: number; readonly secondsLeft: number | null }
  | { readonly state: 'done'; readonly file: GrantedFile; readonly files: number; readonly bytes: number }
  | { readonly state: 'failed'; readonly problem: Problem };

export interface ExportItem {
  readonly kind: ExportKind;
  readonly title: string;
  readonly how: ExportItemState;
}

/** Exports of one video that were begun in this window. */
export class ExportRun {
  /** Of the video. */
  readonly name: string;
  /** Whether a browser has to fetch the files. */
  readonly isDownload: boolean;
  #items: readonly ExportItem[] = $state.raw([]);
  #phase = $state<'running' | 'over' | 'stopped'>('running');
  #problem = $state.raw<Problem | null>(null);
  readonly #stop = new AbortController();

  constructor(name: string, isDownload: boolean, exports: readonly Pick<ExportItem, 'kind' | 'title'>[]) {
    this.name = name;
    this.isDownload = isDownload;
    this.#items = exports.map((one) => ({ ...one, how: { state: 'waiting' } }));
  }

  get items(): readonly ExportItem[] {
    return this.#items;
  }

  get phase(): 'running' | 'over' | 'stopped' {
    return this.#phase;
  }

  /** Why all of it broke off. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** Of all exports, each counted alike, 0 … 1. */
  get share(): number {
    const shares = this.#items.map(({ how }) =>
      how.state === 'running' ? how.share : how.state === 'waiting' ? 0 : 1,
    );
    return shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length);
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  cancel(): void {
    this.#stop.abort();
  }

  /** Takes in what the engine says, until it is over. */
  async follow(events: AsyncIterable<ExportEvent>): Promise<void> {
    try {
      for await (const event of events) this.#take(event);
      this.#phase = 'over';
    } catch (error) {
      this.#phase = 'stopped';
      // An engine that ends says nothing of what it was doing.
      if (!this.signal.aborted) this.#problem = problemOf(error) ?? ENGINE_GONE;
    }
  }

  #take(event: ExportEvent): void {
    if (event.type === 'finished') return;
    this.#items = this.#items.map((item) => (item.kind === event.kind ? { ...item, how: stateAfter(event) } : item));
  }
}

const ENGINE_GONE: Problem = {
  code: 'connection-lost',
  message: 'The engine ended while it was exporting.',
  hint: 'Files that were written are whole. Export again for the others.',
};

function stateAfter(event: Exclude<ExportEvent, { type: 'finished' }>): ExportItemState {
  if (event.type === 'progress') return { state: 'running', share: event.share, secondsLeft: event.secondsLeft };
  if (event.type === 'done') return { state: 'done', file: event.file, files: event.files, bytes: event.bytes };
  const { code, message, hint } = event.error;
  return { state: 'failed', problem: { code, message, hint: hint ?? null } };
}
