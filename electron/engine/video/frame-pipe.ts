import { PassThrough } from 'node:stream';
import { FfmpegRun, type RunEnd } from './ffmpeg-run.ts';

export interface FramePipeOptions {
  /** Absolute path. */
  readonly path: string;
  readonly inputOptions: readonly string[];
  /** Everything after the input: mapping, filters, limits. The output itself is raw video on a pipe. */
  readonly outputOptions: readonly string[];
  readonly frameBytes: number;
  /** How much decoded video may wait to be taken before ffmpeg is held up. */
  readonly bufferBytes: number;
  /** Takes one line of ffmpeg's log, marked with its level (`[error]`, `[info]`); true where {@link FramePipe.change} should look. */
  readonly onLog: (line: string) => boolean;
  readonly signal?: AbortSignal | undefined;
}

/** One ffmpeg child that writes raw frames. Disposing of it ends the child, and waits until it is gone. */
export class FramePipe implements AsyncDisposable {
  readonly #frames: PassThrough;
  readonly #frameBytes: number;
  readonly #signal: AbortSignal | undefined;
  #run: FfmpegRun | undefined;
  #end: RunEnd | undefined;
  #wake: () => void = () => {};

  /**
   * Starts ffmpeg.
   *
   * @throws FfmpegMissingError, the signal's reason
   */
  static async open(options: FramePipeOptions): Promise<FramePipe> {
    const pipe = new FramePipe(options);
    const { path, inputOptions, outputOptions, onLog, signal } = options;
    pipe.#run = await FfmpegRun.start({
      ...{ path, inputOptions, outputOptions, signal },
      output: { format: 'rawvideo', stream: pipe.#frames },
      onLog: (line) => {
        if (onLog(line)) pipe.#wake();
      },
      onEnd: (end) => {
        pipe.#end = end;
        pipe.#wake();
      },
    });
    signal?.addEventListener('abort', pipe.#abort, { once: true });
    return pipe;
  }

  private constructor({ frameBytes, bufferBytes, signal }: FramePipeOptions) {
    this.#frameBytes = frameBytes;
    this.#signal = signal;
    this.#frames = new PassThrough({ highWaterMark: Math.max(bufferBytes, frameBytes) });
    this.#frames.on('readable', () => this.#wake());
    this.#frames.on('finish', () => this.#wake());
    this.#frames.on('error', () => this.#wake());
  }

  /**
   * What is there to take: a frame, the end, or nothing yet. The end comes when ffmpeg has exited, its log is complete
   * and every whole frame was taken.
   */
  take(): Uint8Array | RunEnd | null {
    const frame: Uint8Array | null = this.#frames.read(this.#frameBytes);
    if (frame !== null && frame.length === this.#frameBytes) return frame;
    // The child is gone before the last of its output has passed through the pipe.
    const drained = this.#frames.writableFinished && this.#frames.readableLength < this.#frameBytes;
    return this.#end !== undefined && (drained || !this.#run?.hasStarted) ? this.#end : null;
  }

  /**
   * Resolves when there may be something new: frames, log lines, the end, an abort. Call it right after looking, in the
   * same turn of the event loop, so that nothing falls in between.
   */
  change(limitMs?: number): Promise<'changed' | 'timeout'> {
    const { promise, resolve } = Promise.withResolvers<'changed' | 'timeout'>();
    const timer = limitMs === undefined ? undefined : setTimeout(() => resolve('timeout'), limitMs);
    this.#wake = () => {
      clearTimeout(timer);
      resolve('changed');
    };
    return promise;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort);
    await this.#run?.[Symbol.asyncDispose]();
    this.#frames.destroy();
  }

  readonly #abort = (): void => this.#wake();
}
