import type { Analysis } from './analysis.svelte.ts';
import type { Playback } from './playback.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';

/** What a player is given. */
export interface PlayerSource {
  readonly address: string;
  /** What the player calls the first presented frame. */
  readonly startSeconds: number;
}

/** Sees to it that there is something to play: the video itself, or a copy that the engine makes where players cannot. */
export class Preview {
  readonly #session: Session;
  readonly #analysis: Analysis;
  readonly #playback: Playback;
  /** The video that a player gave up. */
  #refused = $state.raw<string | null>(null);
  #made = $state.raw<{ readonly file: string; readonly preview: string } | null>(null);
  #share = $state<number | null>(null);
  #problem = $state.raw<Problem | null>(null);

  readonly #needed = $derived.by(() => {
    const { video } = this.#analysis;
    return video !== null && (video.playback === 'proxy' || this.#refused === video.file) ? video.file : null;
  });

  readonly #source = $derived.by((): PlayerSource | null => {
    const { video } = this.#analysis;
    if (video === null) return null;
    const isMade = this.#made?.file === video.file;
    if (this.#needed !== null && !isMade) return null;
    const address = this.#session.mediaAddress(isMade ? (this.#made?.preview ?? video.file) : video.file);
    return address === null ? null : { address, startSeconds: isMade ? 0 : video.startSeconds };
  });

  constructor(session: Session, analysis: Analysis, playback: Playback) {
    this.#session = session;
    this.#analysis = analysis;
    this.#playback = playback;
  }

  /** Has a copy made where one is needed, for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { video } = this.#analysis;
      if (video !== null && this.#playback.picture === 'unplayable') this.#refused = video.file;
    });
    $effect(() => {
      const { engine } = this.#session;
      const file = this.#needed;
      if (engine === null || file === null) return;
      const stop = new AbortController();
      void this.#make(engine, file, stop.signal);
      return () => stop.abort();
    });
  }

  /** Null while there is nothing to play yet, or nothing that can be. */
  get source(): PlayerSource | null {
    return this.#source;
  }

  /** How much of the copy is made, 0 … 1; null while none is being made. */
  get share(): number | null {
    return this.#share;
  }

  /** Why there is none. */
  get problem(): Problem | null {
    return this.#problem;
  }

  async #make(engine: NonNullable<Session['engine']>, file: string, signal: AbortSignal): Promise<void> {
    this.#share = 0;
    this.#problem = null;
    try {
      for await (const event of engine.videos.preview({ file }, { signal })) {
        if (signal.aborted) return;
        if (event.type === 'done') this.#made = { file, preview: event.preview };
        else this.#share = Math.min(1, event.secondsDone / Math.max(event.secondsTotal, 1e-6));
      }
    } catch (error) {
      if (!signal.aborted) this.#problem = problemOf(error);
    } finally {
      if (!signal.aborted) this.#share = null;
    }
  }
}
