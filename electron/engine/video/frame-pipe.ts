import type { ChildProcess } from 'node:child_process';
import { PassThrough } from 'node:stream';
import createCommand from 'fluent-ffmpeg';
import { findBinary, LOCAL_FILES_ONLY } from './ffmpeg-binaries.ts';

// fluent-ffmpeg is archived upstream: this is the only module that knows it, so that replacing it stays a small change.

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

const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info'] as const;

/** Before its first run fluent-ffmpeg starts ffmpeg twice more, to learn that it knows rawvideo. We know. */
const KNOWN_CAPABILITIES = {
  availableFormats: (done: (error: null, formats: object) => void) => done(null, { rawvideo: { canMux: true } }),
  availableEncoders: (done: (error: null, encoders: object) => void) => done(null, {}),
};

/** How a run of ffmpeg ended. */
export type PipeEnd = { readonly kind: 'complete' } | { readonly kind: 'failed'; readonly reason: string };

/** One ffmpeg child that writes raw frames. Disposing of it ends the child, and waits until it is gone. */
export class FramePipe implements AsyncDisposable {
  readonly #frames: PassThrough;
  readonly #frameBytes: number;
  readonly #signal: AbortSignal | undefined;
  #child: ChildProcess | undefined;
  readonly #gone = Promise.withResolvers<void>();
  #end: PipeEnd | undefined;
  #disposed = false;
  #wake: () => void = () => {};

  /**
   * Starts ffmpeg.
   *
   * @throws FfmpegMissingError, the signal's reason
   */
  static async open(options: FramePipeOptions): Promise<FramePipe> {
    options.signal?.throwIfAborted();
    const binary = await findBinary('ffmpeg');
    options.signal?.throwIfAborted();
    return new FramePipe(binary, options);
  }

  private constructor(binary: string, options: FramePipeOptions) {
    this.#frameBytes = options.frameBytes;
    this.#signal = options.signal;
    this.#frames = new PassThrough({ highWaterMark: Math.max(options.bufferBytes, options.frameBytes) });
    this.#frames.on('readable', () => this.#wake());
    this.#frames.on('finish', () => this.#wake());
    this.#frames.on('error', () => this.#wake());
    this.#signal?.addEventListener('abort', this.#abort, { once: true });

    const command = createCommand(options.path);
    command.setFfmpegPath(binary);
    Object.assign(command, KNOWN_CAPABILITIES);
    // As several arguments, not as one array, options are passed on as they are: an array's are split at blanks.
    command.inputOptions(...QUIET, ...LOCAL_FILES_ONLY, ...options.inputOptions);
    command.output(this.#frames, { end: true });
    command.outputOptions(...options.outputOptions, '-f', 'rawvideo');
    command.on('start', () => this.#adopt((command as { ffmpegProc?: ChildProcess }).ffmpegProc));
    command.on('stderr', (line: string) => {
      if (options.onLog(line)) this.#wake();
    });
    command.on('end', () => this.#finish({ kind: 'complete' }));
    command.on('error', (error: Error) => {
      // Without a child there is nobody to wait for.
      if (this.#child?.pid === undefined) this.#gone.resolve();
      this.#finish({ kind: 'failed', reason: error.message });
    });
    command.run();
  }

  /**
   * What is there to take: a frame, the end, or nothing yet. The end comes when ffmpeg has exited, its log is complete
   * and every whole frame was taken.
   */
  take(): Uint8Array | PipeEnd | null {
    const frame: Uint8Array | null = this.#frames.read(this.#frameBytes);
    if (frame !== null && frame.length === this.#frameBytes) return frame;
    // The child is gone before the last of its output has passed through the pipe.
    const drained = this.#frames.writableFinished && this.#frames.readableLength < this.#frameBytes;
    return this.#end !== undefined && (drained || this.#child?.pid === undefined) ? this.#end : null;
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
    this.#disposed = true;
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#kill();
    await this.#gone.promise;
    this.#frames.destroy();
  }

  readonly #abort = (): void => {
    this.#kill();
    this.#wake();
  };

  #adopt(child: ChildProcess | undefined): void {
    this.#child = child;
    child?.once('exit', () => this.#gone.resolve());
    // fluent-ffmpeg starts the child a moment after run(): whoever left in between is honoured now.
    if (this.#disposed || this.#signal?.aborted) this.#kill();
  }

  #finish(end: PipeEnd): void {
    this.#end ??= end;
    this.#wake();
  }

  #kill(): void {
    this.#child?.kill('SIGKILL');
  }
}
