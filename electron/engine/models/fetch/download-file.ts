import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ChecksumMismatchError,
  DownloadInterruptedError,
  DownloadTooLargeError,
  type ErrorData,
  SourceUnreachableError,
  toErrorData,
} from '#contract/errors.ts';
import { diskFailure } from '../disk-room.ts';
import { withoutSecrets } from './address.ts';
import { refuseWebPage, validatorOf } from './file-address.ts';
import type { Headers, HttpClient, HttpResponse } from './http-client.ts';
import { networkFailure } from './http-failures.ts';
import type { KeptDownload } from './kept-download.ts';
import type { RemoteFile } from './remote-model.ts';

export interface DownloadLimits {
  /** A file that is larger is refused. */
  readonly mostBytes: number;
  /** Tries in a row that bring nothing. */
  readonly mostFailures: number;
  /** Before the first of them; it doubles from one to the next. */
  readonly firstWaitSeconds: number;
}

export const DOWNLOAD_LIMITS: DownloadLimits = { mostBytes: 8e9, mostFailures: 5, firstWaitSeconds: 1 };

export interface DownloadListener {
  /** Bytes of the file that are here. */
  onBytes(bytes: number): void;
  /** The connection was lost; it is tried again after `seconds`. */
  onRetry(seconds: number, reason: ErrorData): void;
  /** Everything is here, and is being checked. */
  onChecksum(): void;
}

export interface DownloadParts {
  readonly client: HttpClient;
  readonly kept: KeptDownload;
  readonly listener: DownloadListener;
  readonly limits: DownloadLimits;
}

/**
 * Fetches a file into what is kept, from where it stopped before: the server is asked for the rest of the same state of the
 * file (`Range` with `If-Range`), and gives all of it anew where that has changed. A connection that is lost is made again.
 *
 * @throws ChecksumMismatchError when the publisher states another checksum; nothing is kept then.
 * @throws DownloadTooLargeError, DiskFullError, and what {@link HttpClient.get} throws; what has arrived is kept.
 */
export async function downloadFile(file: RemoteFile, parts: DownloadParts, signal: AbortSignal): Promise<void> {
  if (parts.kept.arrived(file.name) === null) await new FileDownload(file, parts, signal).run();
}

class FileDownload {
  readonly #file: RemoteFile;
  readonly #parts: DownloadParts;
  readonly #signal: AbortSignal;
  #answered = false;

  constructor(file: RemoteFile, parts: DownloadParts, signal: AbortSignal) {
    this.#file = file;
    this.#parts = parts;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const { kept, listener, limits } = this.#parts;
    await mkdir(kept.files, { recursive: true });
    for (let failures = 0, whole = false; !whole; ) {
      const before = await this.#bytesHere();
      try {
        await this.#attempt();
        whole = true;
      } catch (thrown) {
        this.#signal.throwIfAborted();
        failures = (await this.#bytesHere()) > before ? 1 : failures + 1;
        if (!this.#mayPass(thrown) || failures > limits.mostFailures) throw thrown;
        const seconds = limits.firstWaitSeconds * 2 ** (failures - 1);
        listener.onRetry(seconds, toErrorData(thrown));
        await sleep(1000 * seconds, undefined, { signal: this.#signal });
      }
    }
    listener.onChecksum();
    await this.#check();
  }

  #bytesHere(): Promise<number> {
    return this.#parts.kept.bytes(this.#file.name);
  }

  /** A server that has answered is there: that it cannot be reached now may be over in a moment. */
  #mayPass(thrown: unknown): boolean {
    return thrown instanceof DownloadInterruptedError || (this.#answered && thrown instanceof SourceUnreachableError);
  }

  /** One connection's worth of the file. */
  async #attempt(): Promise<void> {
    const { name, url } = this.#file;
    const { client, kept } = this.#parts;
    const validator = kept.validator(name);
    // Without a mark that names the state of the file, its rest may be that of another one.
    const from = validator === null ? 0 : await this.#bytesHere();
    const range: Headers = from === 0 || validator === null ? {} : { range: `bytes=${from}-`, 'if-range': validator };
    const response = await client.get(url, range, this.#signal);
    try {
      this.#answered = true;
      const total = totalOf(response);
      if (response.status === 416) {
        if (total === from) return;
        await kept.begin(name, null, null);
        throw new DownloadInterruptedError(`${url.host} has another file at that address by now.`);
      }
      refuseWebPage(response.headers, response.url);
      if (total !== null) this.#refuseTooLarge(total);
      const start = await this.#startOf(response, from);
      if (start === 0) await kept.begin(name, total, validatorOf(response.headers));
      const bytes = await this.#append(response, start);
      if (total !== null && bytes < total)
        throw new DownloadInterruptedError(`${url.host} gave a part of the file only.`);
    } finally {
      response.leave();
    }
  }

  /** Where what comes belongs in the file. */
  async #startOf({ status, headers }: HttpResponse, from: number): Promise<number> {
    if (status === 200) return 0;
    if (headers['content-range']?.startsWith(`bytes ${from}-`)) return from;
    const { name, url } = this.#file;
    await this.#parts.kept.begin(name, null, null);
    throw new DownloadInterruptedError(`${url.host} gives another part of the file than it was asked for.`);
  }

  /** Writes what comes behind the first `start` bytes, in place of anything that is there; gives how many there are then. */
  async #append({ body }: HttpResponse, start: number): Promise<number> {
    const { kept, listener } = this.#parts;
    let bytes = start;
    try {
      await using part = await open(kept.partPath(this.#file.name), 'a');
      await part.truncate(start);
      for await (const chunk of this.#chunks(body)) {
        this.#refuseTooLarge(bytes + chunk.length);
        await part.appendFile(chunk);
        bytes += chunk.length;
        listener.onBytes(bytes);
      }
      return bytes;
    } catch (thrown) {
      throw diskFailure(thrown);
    }
  }

  /** What comes; failures of the network are told apart from those of the disk here. */
  async *#chunks(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    try {
      yield* body;
    } catch (thrown) {
      throw networkFailure(thrown, this.#file.url, this.#signal);
    }
  }

  #refuseTooLarge(bytes: number): void {
    const { mostBytes } = this.#parts.limits;
    if (bytes <= mostBytes) return;
    throw new DownloadTooLargeError(
      `The file at ${this.#file.url.host} is larger than ${(mostBytes / 1e9).toPrecision(1)} GB.`,
      {
        hint: 'That is no checkpoint of a video transformer. If it is one, download it in another way, and import it.',
      },
    );
  }

  /** @throws ChecksumMismatchError */
  async #check(): Promise<void> {
    const { name, url, sha256: stated } = this.#file;
    const { kept } = this.#parts;
    const path = kept.partPath(name);
    const { size: bytes } = await stat(path);
    const hash = createHash('sha256');
    const reading = createReadStream(path, { signal: this.#signal, highWaterMark: 2 ** 20 });
    for await (const chunk of reading) hash.update(chunk);
    const sha256 = hash.digest('hex');
    if (stated === null || stated === sha256) {
      await kept.finish({ name, bytes, sha256, verified: stated !== null });
      return;
    }
    await kept.forget(name);
    throw new ChecksumMismatchError(`What arrived is not the ${name} that its publisher describes.`, {
      hint: 'It was damaged on its way, or changed by somebody. Nothing of it was kept: try again, best over another network.',
      detail: `${withoutSecrets(url)}: SHA-256 ${sha256} instead of ${stated}`,
    });
  }
}

/** How long the whole file is; `null` where the server does not say. */
function totalOf({ status, headers }: HttpResponse): number | null {
  const text = status === 200 ? headers['content-length'] : headers['content-range']?.split('/').at(-1);
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
