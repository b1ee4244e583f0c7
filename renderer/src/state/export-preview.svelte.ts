import type { JobId } from '#contract/jobs.ts';
import type { VideoExport } from '#contract/video-export.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';

/** A choice that is being made is drawn when it rests for so long. */
const CALM_MS = 120;

/** Twice the pixels that it is shown with, for dense screens. */
const LONG_SIDE = 1280;

/** What is drawn: a moment of a job that is done. */
export interface PreviewedMoment {
  readonly job: JobId;
  readonly seconds: number;
  readonly video: VideoExport;
}

interface ShownPicture {
  /** Of the picture, for as long as it is shown. */
  readonly address: string;
  /** Of the video that would be written. */
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
}

/** A frame as it will be in an annotated video, drawn by the engine as the video will be. */
export class ExportPreview {
  readonly #session: Session;
  #shown = $state.raw<ShownPicture | null>(null);
  #isDrawing = $state(false);
  #problem = $state.raw<Problem | null>(null);

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Draws whenever something else is to be shown, for as long as the component lives that calls this.
   *
   * @param moment Null while there is nothing to draw.
   */
  follow(moment: () => PreviewedMoment | null): void {
    $effect(() => {
      const { engine } = this.#session;
      const wanted = moment();
      if (engine === null || wanted === null) return;
      const stop = new AbortController();
      const draw = async () => {
        this.#isDrawing = true;
        try {
          const { picture, width, height } = await engine.exports.preview(
            { ...wanted, longSide: LONG_SIDE },
            { signal: stop.signal },
          );
          if (stop.signal.aborted) return;
          this.#show({ address: addressOf(picture), width, height, seconds: wanted.seconds });
          this.#problem = null;
        } catch (error) {
          if (!stop.signal.aborted) this.#problem = problemOf(error);
        } finally {
          if (!stop.signal.aborted) this.#isDrawing = false;
        }
      };
      const wait = setTimeout(() => void draw(), this.#shown === null ? 0 : CALM_MS);
      return () => {
        clearTimeout(wait);
        stop.abort();
      };
    });
    $effect(() => () => this.#show(null));
  }

  /** The one that was drawn last, while another one is being drawn. */
  get shown(): ShownPicture | null {
    return this.#shown;
  }

  get isDrawing(): boolean {
    return this.#isDrawing;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  #show(picture: ShownPicture | null): void {
    if (this.#shown !== null) URL.revokeObjectURL(this.#shown.address);
    this.#shown = picture;
  }
}

function addressOf(picture: Uint8Array): string {
  // A copy: what arrives may be a part of a larger message.
  return URL.createObjectURL(new Blob([new Uint8Array(picture)], { type: 'image/png' }));
}
