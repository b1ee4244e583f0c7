import type { ResultId } from '#contract/videos.ts';
import type { ClipView } from '../analysis/clip-view.ts';

/** Three views of the base model take 30 MB. */
const MOST_BYTES = 256 * 2 ** 20;

interface CachedClip {
  readonly result: ResultId;
  readonly index: number;
  readonly startSeconds: number;
  readonly views: ClipView[];
}

/**
 * The views of clips near the one on screen, between stem and trunk. When there is too much, the clips furthest away from it
 * go first.
 */
export class ViewCache {
  readonly #mostBytes: number;
  readonly #clips = new Map<string, CachedClip>();
  #bytes = 0;
  #focus: { readonly result: ResultId | null; readonly seconds: number } = { result: null, seconds: 0 };

  constructor(mostBytes = MOST_BYTES) {
    this.#mostBytes = mostBytes;
  }

  /** What is on screen now. */
  focus(result: ResultId | null, seconds: number): void {
    this.#focus = { result, seconds };
  }

  add(result: ResultId, view: ClipView): void {
    const { index, startSeconds } = view.clip;
    const key = `${result}/${index}`;
    const clip = this.#clips.get(key) ?? { result, index, startSeconds, views: [] };
    if (clip.views.some(({ crop }) => crop === view.crop)) return;
    clip.views.push(view);
    this.#clips.set(key, clip);
    this.#bytes += bytesOf(view);
    this.#makeRoom();
  }

  /** All views of a clip; null when one of them is missing. */
  get(result: ResultId, index: number, views: number): [ClipView, ...ClipView[]] | null {
    const [first, ...others] = this.#clips.get(`${result}/${index}`)?.views ?? [];
    return first === undefined || others.length + 1 !== views ? null : [first, ...others];
  }

  clear(): void {
    this.#clips.clear();
    this.#bytes = 0;
  }

  #makeRoom(): void {
    while (this.#bytes > this.#mostBytes && this.#clips.size > 1) {
      const [key, clip] = [...this.#clips].reduce((far, one) =>
        this.#distance(one[1]) > this.#distance(far[1]) ? one : far,
      );
      this.#clips.delete(key);
      this.#bytes -= clip.views.reduce((sum, view) => sum + bytesOf(view), 0);
    }
  }

  #distance({ result, startSeconds }: CachedClip): number {
    return result === this.#focus.result ? Math.abs(startSeconds - this.#focus.seconds) : Number.POSITIVE_INFINITY;
  }
}

function bytesOf({ pixels, embedded }: ClipView): number {
  return pixels.byteLength + embedded.tokens.data.byteLength;
}
