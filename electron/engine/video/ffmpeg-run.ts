import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import createCommand from 'fluent-ffmpeg';
import { findBinary, LOCAL_FILES_ONLY } from './ffmpeg-binaries.ts';

// fluent-ffmpeg is archived upstream: this is the only module that knows it, so that replacing it stays a small change.

/** What comes out of ffmpeg, in ffmpeg's names of formats. */
export type RunOutput =
  | { readonly format: 'rawvideo'; readonly stream: Writable }
  /** A file at an absolute path; one that is there is overwritten. */
  | { readonly format: 'mp4' | 'webm' | 'gif'; readonly file: string }
  /** Nothing: what is wanted stands in the log. */
  | { readonly format: 'null' };

export interface FfmpegRunOptions {
  /** Absolute path. */
  readonly path: string;
  readonly inputOptions: readonly string[];
  /** A second input through a pipe, a Matroska stream. Its owner destroys it. */
  readonly streamed?: { readonly stream: Readable; readonly inputOptions: readonly string[] };
  /** Everything between input and output: mapping, filters, codecs, limits. */
  readonly outputOptions: readonly string[];
  readonly output: RunOutput;
  /** Takes one line of ffmpeg's log, marked with its level (`[error]`, `[info]`). */
  readonly onLog: (line: string) => void;
  /** Told once: ffmpeg has exited and its log is complete, or it could not be started. */
  readonly onEnd: (end: RunEnd) => void;
  readonly signal?: AbortSignal | undefined;
}

/** How a run of ffmpeg ended. */
export type RunEnd = { readonly kind: 'complete' } | { readonly kind: 'failed'; readonly reason: string };

const QUIET = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'repeat+level+info'] as const;

/** Of what comes through a pipe: it tells time, and can be read while it is written. */
const STREAMED_FORMAT = 'matroska';

/** Before its first run fluent-ffmpeg starts ffmpeg twice more, to learn that it knows these formats. We know. */
const OUTPUT_FORMATS: readonly RunOutput['format'][] = ['rawvideo', 'mp4', 'webm', 'gif', 'null'];
const KNOWN_CAPABILITIES = {
  availableFormats: (done: (error: null, formats: object) => void) =>
    done(null, {
      ...Object.fromEntries(OUTPUT_FORMATS.map((format) => [format, { canMux: true }])),
      [STREAMED_FORMAT]: { canDemux: true },
    }),
  availableEncoders: (done: (error: null, encoders: object) => void) => done(null, {}),
};

/** One ffmpeg child that reads one file. Disposing of it ends the child, and waits until it is gone. */
export class FfmpegRun implements AsyncDisposable {
  readonly #signal: AbortSignal | undefined;
  readonly #gone = Promise.withResolvers<void>();
  #child: ChildProcess | undefined;
  #disposed = false;

  /**
   * Starts ffmpeg.
   *
   * @throws FfmpegMissingError, the signal's reason
   */
  static async start(options: FfmpegRunOptions): Promise<FfmpegRun> {
    options.signal?.throwIfAborted();
    const binary = await findBinary('ffmpeg');
    options.signal?.throwIfAborted();
    return new FfmpegRun(binary, options);
  }

  private constructor(
    binary: string,
    { path, inputOptions, streamed, outputOptions, output, ...options }: FfmpegRunOptions,
  ) {
    this.#signal = options.signal;
    this.#signal?.addEventListener('abort', this.kill, { once: true });

    const command = createCommand(path);
    command.setFfmpegPath(binary);
    Object.assign(command, KNOWN_CAPABILITIES);
    // As several arguments, not as one array, options are passed on as they are: an array's are split at blanks.
    command.inputOptions(...QUIET, ...LOCAL_FILES_ONLY, ...inputOptions);
    if (streamed !== undefined) {
      command.input(streamed.stream).inputOptions(...streamed.inputOptions, '-f', STREAMED_FORMAT);
    }
    if ('stream' in output) command.output(output.stream, { end: true });
    else command.output('file' in output ? output.file : '-');
    command.outputOptions(...outputOptions, '-f', output.format);
    command.on('start', () => this.#adopt((command as { ffmpegProc?: ChildProcess }).ffmpegProc));
    command.on('stderr', options.onLog);
    command.on('end', () => options.onEnd({ kind: 'complete' }));
    command.on('error', (error: Error) => {
      // Without a child there is nobody to wait for.
      if (!this.hasStarted) this.#gone.resolve();
      options.onEnd({ kind: 'failed', reason: error.message });
    });
    command.run();
  }

  /** False where the system could not start ffmpeg. */
  get hasStarted(): boolean {
    return this.#child?.pid !== undefined;
  }

  /** Ends ffmpeg at once; {@link FfmpegRunOptions.onEnd} follows. */
  readonly kill = (): void => {
    this.#child?.kill('SIGKILL');
  };

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    this.#signal?.removeEventListener('abort', this.kill);
    this.kill();
    await this.#gone.promise;
  }

  #adopt(child: ChildProcess | undefined): void {
    this.#child = child;
    child?.once('exit', () => this.#gone.resolve());
    // fluent-ffmpeg starts the child a moment after run(): whoever left in between is honoured now.
    if (this.#disposed || this.#signal?.aborted) this.kill();
  }
}
