import { createReadStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { styleText } from 'node:util';

/** A stream that may be a terminal. */
type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

type Style = Parameters<typeof styleText>[0];

/**
 * The two channels of a command: results on stdout, everything else on stderr. Colours appear only on a terminal, and
 * not where NO_COLOR asks for none.
 */
export class Terminal {
  readonly #results: Output;
  readonly #notes: Output;

  constructor(results: Output, notes: Output) {
    this.#results = results;
    this.#notes = notes;
    // `patchlight … | head` closes the pipe early: that is no failure.
    results.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }

  /** True when progress can be drawn in place. */
  get interactive(): boolean {
    return this.#notes.isTTY === true;
  }

  /** Columns for progress. */
  get width(): number {
    return this.#notes.columns ?? 80;
  }

  /** One line of the result. */
  print(line = ''): void {
    this.#results.write(`${line}\n`);
  }

  /** A file as the result, piece by piece. */
  async printFile(path: string): Promise<void> {
    await pipeline(createReadStream(path), this.#results, { end: false }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }

  /** One line beside the result. */
  note(line: string): void {
    this.#notes.write(`${line}\n`);
  }

  warning(message: string): void {
    this.#notes.write(`${this.#onNotes('yellow', 'warning:')} ${message}\n`);
  }

  failure(message: string, hint?: string): void {
    this.#notes.write(`${this.#onNotes('red', 'patchlight:')} ${message}\n`);
    if (hint !== undefined) this.#notes.write(`  ${hint}\n`);
  }

  /** Replaces the line under the cursor, without ending it. */
  redraw(line: string): void {
    this.#notes.write(`\r\u001b[2K${line}`);
  }

  /** `text` styled for a line of the result. */
  style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#results });
  }

  #onNotes(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#notes });
  }
}
