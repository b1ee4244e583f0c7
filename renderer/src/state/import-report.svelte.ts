import type { FetchedFile, ModelFetchEvent } from '#contract/model-fetch.ts';
import { type Problem, problemOf } from './problem.ts';

type Told<Type extends ModelFetchEvent['type']> = Extract<ModelFetchEvent, { readonly type: Type }>;

/** `stopped`: cancelled, or the engine is gone. */
export type ReportPhase = 'running' | 'done' | 'failed' | 'stopped';

/** What an import or a fetch has said so far, for the list of its steps. */
export class ImportReport {
  #phase = $state<ReportPhase>('running');
  #download = $state.raw<Told<'download'> | null>(null);
  #retry = $state.raw<Told<'retry'> | null>(null);
  #checksumOf = $state<string | null>(null);
  #files = $state.raw<readonly FetchedFile[] | null>(null);
  #checked = $state.raw<Told<'checked'> | null>(null);
  #progress = $state.raw<Told<'progress'> | null>(null);
  #isTrying = $state(false);
  #done = $state.raw<Told<'done'> | null>(null);
  #problem = $state.raw<Problem | null>(null);

  get phase(): ReportPhase {
    return this.#phase;
  }

  get download(): Told<'download'> | null {
    return this.#download;
  }

  /** The connection was lost, and is made again in a moment. */
  get retry(): Told<'retry'> | null {
    return this.#retry;
  }

  /** The file whose checksum is being computed. */
  get checksumOf(): string | null {
    return this.#checksumOf;
  }

  /** Everything has arrived. */
  get files(): readonly FetchedFile[] | null {
    return this.#files;
  }

  get checked(): Told<'checked'> | null {
    return this.#checked;
  }

  get progress(): Told<'progress'> | null {
    return this.#progress;
  }

  /** The model is classifying a view of noise. */
  get isTrying(): boolean {
    return this.#isTrying;
  }

  get done(): Told<'done'> | null {
    return this.#done;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  /** Takes in everything until the end, whatever it is. */
  async follow(events: AsyncIterable<ModelFetchEvent>): Promise<void> {
    try {
      for await (const event of events) this.#take(event);
      if (this.#phase === 'running') this.#phase = 'stopped';
    } catch (error) {
      this.#problem = problemOf(error);
      this.#phase = this.#problem === null ? 'stopped' : 'failed';
    }
  }

  #take(event: ModelFetchEvent): void {
    this.#retry = null;
    switch (event.type) {
      case 'download':
        this.#download = event;
        this.#checksumOf = null;
        break;
      case 'retry':
        this.#retry = event;
        break;
      case 'checksum':
        this.#checksumOf = event.file;
        break;
      case 'downloaded':
        this.#checksumOf = null;
        this.#files = event.files;
        break;
      case 'checked':
        this.#checked = event;
        break;
      case 'progress':
        this.#progress = event;
        break;
      case 'trial':
        this.#isTrying = true;
        break;
      case 'done':
        this.#isTrying = false;
        this.#done = event;
        this.#phase = 'done';
        break;
    }
  }
}
