import type { JobId } from '#contract/jobs.ts';
import type { VideoExport } from '#contract/video-export.ts';
import { type FinishedAnalysis, finishedAnalysis } from '../../export/video/finished-analysis.ts';
import {
  type DisplayedFrame,
  displayedFrame,
  type PreviewPicture,
  previewPicture,
} from '../../export/video/preview-picture.ts';
import { Lingering } from '../../store/lingering.ts';
import type { ExportableJob } from './exportable-job.ts';

/** Who tries out how a video is drawn asks again and again. */
const LINGER_MS = 15_000;

export interface PreviewRequest {
  readonly job: JobId;
  /** Another one when the job was done once more. */
  readonly version: string;
  readonly video: VideoExport;
  readonly seconds: number;
  /** Pixels that the longer side of the picture has at most. */
  readonly longSide: number;
}

/** Draws moments of annotated videos before they are made. What they are drawn from stays open for a while. */
export class ExportPreviews implements AsyncDisposable {
  readonly #open: (job: JobId) => Promise<ExportableJob>;
  readonly #sources = new Lingering<PreviewSource>(LINGER_MS);

  constructor(open: (job: JobId) => Promise<ExportableJob>) {
    this.#open = open;
  }

  /** @throws what opening the job and decoding throw, the signal's reason */
  picture({ job, version, video, seconds, longSide }: PreviewRequest, signal: AbortSignal): Promise<PreviewPicture> {
    const open = async () => new PreviewSource(await this.#open(job));
    return this.#sources.use(`${job} ${version}`, open, async (source) => {
      signal.throwIfAborted();
      const frame = await source.frame(seconds);
      signal.throwIfAborted();
      return previewPicture(source.video, source.analysis, frame, video, longSide);
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#sources[Symbol.asyncDispose]();
  }
}

/** A job with the frame that was looked at last. */
class PreviewSource implements AsyncDisposable {
  readonly analysis: FinishedAnalysis;
  readonly #job: ExportableJob;
  #frame:
    | { readonly seconds: number; readonly stop: AbortController; readonly frame: Promise<DisplayedFrame> }
    | undefined;

  constructor(job: ExportableJob) {
    this.#job = job;
    this.analysis = finishedAnalysis(job.source);
  }

  get video() {
    return this.#job.source.video;
  }

  /** Not given up with whoever asked for it: the next one asks for the same. */
  frame(seconds: number): Promise<DisplayedFrame> {
    if (this.#frame?.seconds !== seconds) {
      this.#frame?.stop.abort();
      const stop = new AbortController();
      const frame = displayedFrame(this.video, seconds, stop.signal);
      this.#frame = { seconds, stop, frame };
      frame.catch(() => {
        if (this.#frame?.frame === frame) this.#frame = undefined;
      });
    }
    return this.#frame.frame;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#frame?.stop.abort();
    await this.#job[Symbol.asyncDispose]();
  }
}
