import type { TimeSpan } from '#contract/intervals.ts';
import type { WatchEvent } from '#contract/jobs.ts';

type Start = Extract<WatchEvent, { readonly type: 'start' }>;

/** The source's frame rate that a model's sampling rate refers to. */
const REFERENCE_FRAMES_PER_SECOND = 30;

/** When the clips of an analysis are, as they were planned: known before anything is computed. */
export class ClipTimes {
  readonly #fromSeconds: number;
  readonly #strideSeconds: number;
  readonly #clipSeconds: number;
  readonly #durationSeconds: number;
  readonly count: number;

  /** @param fromSeconds Where the part of the video begins that is analysed. */
  constructor(
    {
      model,
      settings,
      video,
      clips,
    }: {
      readonly model: Pick<Start['model'], 'numFrames' | 'samplingRate'>;
      readonly settings: Pick<Start['settings'], 'strideSeconds'>;
      readonly video: Pick<Start['video'], 'durationSeconds'>;
      readonly clips: number;
    },
    fromSeconds = 0,
  ) {
    this.#fromSeconds = fromSeconds;
    this.#strideSeconds = settings.strideSeconds;
    this.#clipSeconds = (model.numFrames * model.samplingRate) / REFERENCE_FRAMES_PER_SECOND;
    this.#durationSeconds = video.durationSeconds;
    this.count = clips;
  }

  span(index: number): TimeSpan {
    const startSeconds = this.#fromSeconds + index * this.#strideSeconds;
    const endSeconds = Math.max(startSeconds, Math.min(startSeconds + this.#clipSeconds, this.#durationSeconds));
    return { startSeconds, endSeconds };
  }

  /**
   * The clip whose middle is nearest to a moment, which is the one that speaks for it where clips overlap; null when there is
   * none. `isInside` is false before, between and after the clips.
   */
  at(seconds: number): { readonly index: number; readonly isInside: boolean } | null {
    if (this.count === 0) return null;
    const middle = this.#fromSeconds + this.#clipSeconds / 2;
    // Where two are as near, a clip begins, and frames begin at rounded times.
    const nearest = Math.round((seconds - middle) / this.#strideSeconds + 1e-6);
    const index = Math.min(Math.max(0, nearest), this.count - 1);
    const { startSeconds, endSeconds } = this.span(index);
    // The last frame may begin a rounding error after what is called the end.
    return { index, isInside: seconds >= startSeconds - 1e-6 && seconds <= endSeconds + 1e-6 };
  }
}
