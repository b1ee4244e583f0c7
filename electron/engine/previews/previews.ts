import type { KnownVideo } from '../files/known-videos.ts';
import { Pulse } from '../jobs/pulse.ts';
import { writePreview } from '../video/write-preview.ts';
import type { PreviewStore } from './preview-store.ts';

/** One preview that is being made, for everybody who waits for it. */
interface Making {
  watchers: number;
  secondsDone: number;
  isOver: boolean;
  readonly pulse: Pulse;
  readonly stop: AbortController;
  /** Where it lies. */
  readonly path: Promise<string>;
}

/** What is told of a preview: how far it is, and in the end where it lies. */
export type PreviewStep =
  | { readonly kind: 'progress'; readonly secondsDone: number }
  | { readonly kind: 'done'; readonly path: string };

/** Makes previews, one at a time: two would only take longer. Dispose of it to end what is under way. */
export class Previews implements AsyncDisposable {
  readonly store: PreviewStore;
  readonly #makings = new Map<string, Making>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: PreviewStore) {
    this.store = store;
  }

  /**
   * Makes the preview of a video, unless there is one. Whoever asks for the same one shares the work, which ends when nobody
   * wants it any more.
   *
   * @throws what {@link writePreview} throws, the signal's reason
   */
  async *make(video: KnownVideo, signal: AbortSignal): AsyncGenerator<PreviewStep, void, undefined> {
    const stored = await this.store.find(video.content);
    if (stored !== null) {
      yield { kind: 'done', path: stored };
      return;
    }
    const making = this.#makings.get(video.content) ?? this.#begin(video);
    making.watchers += 1;
    try {
      while (!making.isOver) {
        signal.throwIfAborted();
        const change = making.pulse.next(signal);
        yield { kind: 'progress', secondsDone: making.secondsDone };
        await change;
      }
      yield { kind: 'done', path: await making.path };
    } finally {
      making.watchers -= 1;
      if (making.watchers === 0 && !making.isOver) this.#callOff(video.content, making);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const [content, making] of this.#makings) this.#callOff(content, making);
    await this.#last;
  }

  #begin({ content, info }: KnownVideo): Making {
    const stop = new AbortController();
    const { signal } = stop;
    const onProgress = (secondsDone: number) => {
      making.secondsDone = secondsDone;
      making.pulse.fire();
    };
    const path = this.#last.then(() => {
      signal.throwIfAborted();
      return this.store.add(content, (draft) => writePreview(info, draft, { signal, onProgress }));
    });
    const making: Making = { watchers: 0, secondsDone: 0, isOver: false, pulse: new Pulse(), stop, path };
    // Those who wait hear of a failure; the next in line does not mind.
    this.#last = path.then(
      () => this.#finish(content, making),
      () => this.#finish(content, making),
    );
    this.#makings.set(content, making);
    return making;
  }

  #callOff(content: string, making: Making): void {
    this.#forget(content, making);
    making.stop.abort();
  }

  #finish(content: string, making: Making): void {
    making.isOver = true;
    this.#forget(content, making);
    making.pulse.fire();
  }

  /** Another one may have been begun meanwhile. */
  #forget(content: string, making: Making): void {
    if (this.#makings.get(content) === making) this.#makings.delete(content);
  }
}
