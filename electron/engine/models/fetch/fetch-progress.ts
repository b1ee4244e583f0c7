import type { ErrorData } from '#contract/errors.ts';
import type { FetchedFile, ModelFetchEvent } from '#contract/model-fetch.ts';
import type { DownloadListener } from './download-file.ts';
import type { RemoteFile } from './remote-model.ts';
import { SpeedMeter } from './speed-meter.ts';

/** Between two reports of how much has arrived. */
const REPORT_MS = 200;

/** Turns what happens to the files of a fetch, one after another, into its events. */
export class FetchProgress implements DownloadListener, Disposable {
  readonly #tell: (event: ModelFetchEvent) => void;
  readonly #speed = new SpeedMeter();
  /** Stated sizes of the files that have not arrived; those that nobody states are of small files. */
  readonly #stated: Map<string, number | null>;
  #file = '';
  /** Of files before this one. */
  #bytesBefore = 0;
  /** Of this file. */
  #bytes = 0;
  #toldMs = Number.NEGATIVE_INFINITY;
  #later: NodeJS.Timeout | undefined;

  constructor(files: readonly RemoteFile[], tell: (event: ModelFetchEvent) => void) {
    this.#tell = tell;
    this.#stated = new Map(files.map(({ name, bytes }) => [name, bytes]));
  }

  begin({ name }: RemoteFile, bytesKept: number): void {
    this.#file = name;
    this.#bytes = bytesKept;
    // What was here before says nothing about the speed.
    this.#speed.reset();
    this.#report();
  }

  end({ name, bytes }: FetchedFile): void {
    this.#bytes = bytes;
    this.#report();
    this.#stated.delete(name);
    this.#bytesBefore += bytes;
  }

  onBytes(bytes: number): void {
    this.#bytes = bytes;
    const waitMs = this.#toldMs + REPORT_MS - performance.now();
    if (waitMs <= 0) this.#report();
    // Nothing may come for a while: what is here now is told all the same.
    else this.#later ??= setTimeout(() => this.#report(), waitMs);
  }

  onRetry(seconds: number, reason: ErrorData): void {
    this.#report();
    this.#speed.reset();
    this.#tell({ type: 'retry', seconds, reason });
  }

  onChecksum(): void {
    this.#report();
    this.#tell({ type: 'checksum', file: this.#file });
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#later);
    this.#later = undefined;
  }

  #report(): void {
    this[Symbol.dispose]();
    this.#toldMs = performance.now();
    const bytesDone = this.#bytesBefore + this.#bytes;
    this.#speed.note(bytesDone, this.#toldMs);
    const { bytesPerSecond } = this.#speed;
    this.#tell({ type: 'download', file: this.#file, bytesDone, bytesTotal: this.#total(bytesDone), bytesPerSecond });
  }

  #total(bytesDone: number): number | null {
    const stated = [...this.#stated.values()].filter((bytes) => bytes !== null);
    if (stated.length === 0) return null;
    return Math.max(
      bytesDone,
      stated.reduce((sum, bytes) => sum + bytes, this.#bytesBefore),
    );
  }
}
