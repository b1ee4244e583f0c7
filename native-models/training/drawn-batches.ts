import { Worker } from 'node:worker_threads';
import type { ClipSource, MaskedClipSource } from './clip-source.ts';
import type { DrawnBatch, DrawnBatchSettings } from './drawn-batch.ts';
import { drawnData } from './drawn-data.ts';
import type { JsonObject } from './run-settings.ts';

export interface DrawnBatchesOptions extends DrawnBatchSettings {
  /** Threads that draw; 1 when left out. They change nothing but the speed. */
  readonly workers?: number;
  /** Batches that are made before they are asked for; one for each thread, and one more, when left out. */
  readonly ahead?: number;
}

type Expected = PromiseWithResolvers<DrawnBatch>;

/**
 * Batches of clips or images, drawn by threads of their own while a step is computed. Batch `index` is the same whatever the
 * number of threads and wherever one begins to ask. Whoever makes it disposes of it.
 */
export class DrawnBatches implements ClipSource, MaskedClipSource, AsyncDisposable {
  readonly identity: JsonObject;
  readonly regionCount: number;
  readonly batchSize: number;
  readonly #workers: readonly Worker[];
  readonly #ahead: number;
  /** Batches that are drawn or being drawn, by index; never more than the one that was asked for and those ahead. */
  readonly #expected = new Map<number, Expected>();
  #failure: Error | undefined;

  constructor({ workers = 1, ahead = workers + 1, ...settings }: DrawnBatchesOptions) {
    const { mean, std } = settings.preprocessing;
    const { version, regionCount } = drawnData[settings.data];
    this.identity = { version, ...settings, preprocessing: { mean, std } };
    this.regionCount = regionCount;
    this.batchSize = settings.batchSize;
    this.#ahead = ahead;
    const url = new URL('./drawn-batch-thread.ts', import.meta.url);
    this.#workers = Array.from({ length: workers }, () => {
      const worker = new Worker(url, { workerData: settings, execArgv: [], name: 'drawn batches' });
      worker.on('message', ({ index, batch }: { index: number; batch: DrawnBatch }) => {
        this.#expected.get(index)?.resolve(batch);
      });
      worker.on('error', (error: Error) => this.#fail(error));
      worker.on('exit', () => this.#fail(new Error('The thread that draws batches has ended.')));
      return worker;
    });
  }

  /**
   * Batch `index`, which is then forgotten, and the order to draw those that follow.
   *
   * @throws What drawing threw; the signal's reason when it is aborted.
   */
  async batch(index: number, signal?: AbortSignal): Promise<DrawnBatch> {
    signal?.throwIfAborted();
    for (const known of this.#expected.keys()) {
      if (known < index || known > index + this.#ahead) this.#expected.delete(known);
    }
    const wanted = this.#expect(index);
    for (let next = index + 1; next <= index + this.#ahead; next++) this.#expect(next);
    const batch = await (signal === undefined ? wanted.promise : orAborted(wanted.promise, signal));
    this.#expected.delete(index);
    return batch;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#fail(new Error('The source of batches was closed.'));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #expect(index: number): Expected {
    const known = this.#expected.get(index);
    if (known !== undefined) return known;
    const expected = Promise.withResolvers<DrawnBatch>();
    // Those ahead may fail before, or without, anybody's asking for them.
    expected.promise.catch(() => {});
    if (this.#failure === undefined) this.#workers[index % this.#workers.length]?.postMessage(index);
    else expected.reject(this.#failure);
    this.#expected.set(index, expected);
    return expected;
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#expected.values()) reject(this.#failure);
  }
}

/** As `promise`, unless `signal` is aborted first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
