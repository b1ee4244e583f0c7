import { toErrorData } from '#contract/errors.ts';
import type { JobExports, JobId } from '#contract/jobs.ts';
import { begunAnew, type ExportsOutcome, type ExportsRecord } from './job-exports.ts';
import type { JobList, LiveJob } from './job-list.ts';
import { Stopped, stopReason } from './stopped.ts';

/** Why exports are stopped, and so what becomes of them. */
type StopReason = 'cancelled' | 'yield' | 'replaced';

interface Running {
  readonly job: JobId;
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/** Writes the exports of one job. */
export type WriteExports = (
  job: LiveJob,
  exports: ExportsRecord,
  tell: (progress: Pick<JobExports, 'share' | 'secondsLeft'>) => void,
  signal: AbortSignal,
) => Promise<ExportsOutcome>;

/**
 * Makes what was asked for of the queue's jobs once they are done, one job at a time, while the next video is analysed:
 * decoding and encoding wait for each other's files, not for the model. Nothing is begun while the queue is paused.
 */
export class ExportLane implements AsyncDisposable {
  readonly #jobs: JobList;
  readonly #write: WriteExports;
  readonly #finish = new AbortController();
  readonly #over: Promise<void>;
  #running: Running | undefined;

  constructor(jobs: JobList, write: WriteExports) {
    this.#jobs = jobs;
    this.#write = write;
    this.#over = this.#go(this.#finish.signal);
  }

  /** Stops the exports of a job for good. */
  async cancel(id: JobId): Promise<void> {
    await this.#stop(id, 'cancelled');
    const { exports } = this.#jobs.get(id).record;
    if (exports?.state === 'waiting') this.#jobs.change(id, { exports: { ...exports, state: 'cancelled' } });
  }

  /** Puts other exports in the place of those that a job has. */
  async replace(id: JobId, exports: ExportsRecord): Promise<void> {
    await this.release(id);
    this.#jobs.change(id, { exports });
  }

  /** Writes no more of a job, whose exports are about to be others, or none. */
  async release(id: JobId): Promise<void> {
    await this.#stop(id, 'replaced');
  }

  /** Stops what is being written; it begins anew when the pause is over. */
  async pause(): Promise<void> {
    if (this.#running !== undefined) await this.#stop(this.#running.job, 'yield');
  }

  /** Stops everything; what is not written is written after the next start. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#finish.abort();
    await this.pause();
    await this.#over;
  }

  async #go(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      // Asked before looking, so that nothing is missed.
      const change = this.#jobs.changed.next(signal);
      const next = this.#next();
      if (next === undefined) await change;
      else await this.#begin(next.job, next.exports);
    }
  }

  #next(): { readonly job: LiveJob; readonly exports: ExportsRecord } | undefined {
    if (this.#jobs.queue.paused) return undefined;
    for (const job of this.#jobs.all) {
      const { lane, state, exports } = job.record;
      if (lane === 'queue' && state === 'done' && exports?.state === 'waiting') return { job, exports };
    }
    return undefined;
  }

  async #begin(job: LiveJob, exports: ExportsRecord): Promise<void> {
    const stop = new AbortController();
    const over = this.#run(job, exports, stop.signal);
    this.#running = { job: job.record.job, stop, over };
    await over;
    this.#running = undefined;
  }

  async #run(job: LiveJob, exports: ExportsRecord, signal: AbortSignal): Promise<void> {
    const id = job.record.job;
    this.#jobs.change(id, { exports: { ...begunAnew(exports), state: 'running' } });
    try {
      const tell = (exporting: LiveJob['exporting']) => void this.#jobs.change(id, { exporting });
      const outcome = await this.#write(job, exports, tell, signal);
      signal.throwIfAborted();
      const state = outcome.failures.length > 0 ? 'failed' : 'done';
      this.#jobs.change(id, { exporting: null, exports: { ...exports, ...outcome, state } });
    } catch (thrown) {
      const reason = stopReason<StopReason>(signal);
      const error = toErrorData(thrown);
      const failures = exports.exports.map(({ kind }) => ({ kind, error }));
      if (reason === 'cancelled') this.#end(id, { ...begunAnew(exports), state: 'cancelled' });
      else if (reason === 'yield') this.#end(id, begunAnew(exports));
      else if (reason === null) this.#end(id, { ...begunAnew(exports), state: 'failed', failures });
    }
  }

  #end(id: JobId, exports: ExportsRecord): void {
    this.#jobs.change(id, { exporting: null, exports });
  }

  async #stop(id: JobId, reason: StopReason): Promise<void> {
    const running = this.#running;
    if (running?.job !== id) return;
    running.stop.abort(new Stopped<StopReason>(reason));
    await running.over;
  }
}
