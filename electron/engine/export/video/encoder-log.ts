import { DecoderLog } from '../../video/decoder-log.ts';

/** What ffmpeg says while it writes a video: how far it is, and what goes wrong. */
export class EncoderLog {
  readonly complaints = new DecoderLog();
  #seconds = 0;
  #frames = 0;
  #diskFull = false;
  #brokenOutput: string | null = null;

  /** Takes one line; true where it says how far the work has come. */
  note(line: string): boolean {
    const progress = /^(frame|out_time_us|progress)=\s*(\S+)/.exec(line);
    if (progress !== null) {
      const value = Number(progress[2]);
      if (progress[1] === 'frame' && Number.isFinite(value)) this.#frames = value;
      if (progress[1] === 'out_time_us' && Number.isFinite(value)) this.#seconds = Math.max(0, value / 1e6);
      return progress[1] === 'progress';
    }
    this.complaints.note(line);
    this.#diskFull ||= /No space left on device|Disk quota exceeded/.test(line);
    // Where ffmpeg cannot write an end, it may still say that all went well.
    if (/Error writing trailer|av_interleaved_write_frame\(\)|Unable to re-open|Conversion failed/.test(line)) {
      this.#brokenOutput ??= line;
    }
    return false;
  }

  /** Seconds of the result that are written. */
  get seconds(): number {
    return this.#seconds;
  }

  get frames(): number {
    return this.#frames;
  }

  get diskFull(): boolean {
    return this.#diskFull;
  }

  get brokenOutput(): string | null {
    return this.#brokenOutput;
  }
}
