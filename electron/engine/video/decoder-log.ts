/** Lines kept for a bug report. */
const KEPT_LINES = 20;

/** What ffmpeg complained about while decoding. */
export class DecoderLog {
  readonly #errors: string[] = [];
  #count = 0;

  /** Takes one line that ffmpeg marked with its level. */
  note(line: string): void {
    if (!/\[(error|fatal|panic)\]/.test(line)) return;
    this.#count++;
    this.#errors.push(line);
    if (this.#errors.length > KEPT_LINES) this.#errors.shift();
  }

  get errorCount(): number {
    return this.#count;
  }

  /** What was wrong last, in ffmpeg's words, without the part of ffmpeg that says so and its address in memory. */
  get lastError(): string {
    return (this.#errors.at(-1) ?? '').replace(/^(\[[^\]]*\] )+/, '');
  }

  /** The last complaints, for `detail`. */
  get detail(): string {
    return this.#errors.join('\n');
  }
}
