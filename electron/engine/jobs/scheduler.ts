import { toErrorData } from '#contract/errors.ts';
import type { JobId } from '#contract/jobs.ts';
import { failure, type JobList, type LiveJob } from './job-list.ts';
import { Stopped, stopReason } from './stopped.ts';

/** Why a job is stopped, and so what becomes of it. */
type StopReason = 'cancelled' | 'yield' | 'finish' | 'removed';

interface Running {
  readonly job: LiveJob;
  readonly stop: AbortController;
  readonly over: Promise<void>;
}

/**
 * Runs jobs one at a time: what is on screen before the queue, of the screen the one that is looked at first, the queue in order. A job that
 * has to make way keeps what it has done and goes on later.
 */
export class Scheduler {
  readonly #jobs: JobList;
  readonly #run: (job: LiveJob, signal: AbortSignal) => Promise<void>;
  #running: Running | undefined;
  #holds = 0;
  #finished = false;

  /** @param run Does one job, or what is left of it. */
  constructor(jobs: JobList, run: (job: LiveJob, signal: AbortSignal) => Promise<void>) {
    this.#jobs = jobs;
    this.#run = run;
  }

  /** Looks whether something else should run now. To be called whenever a job was added or changed by a user. */
  wake(): void {
    if (this.#finished || this.#holds > 0) return;
    const next = this.#next();
    if (this.#running === undefined) {
      if (next !== undefined) this.#begin(next);
    } else if (next !== undefined && goesBefore(next, this.#running.job)) {
      this.#running.stop.abort(new Stopped<StopReason>('yield'));
    }
  }

  /** Stops a job for good, whether it runs or waits. */
  async cancel(id: JobId): Promise<void> {
    await this.#stop(id, 'cancelled');
    const { state } = this.#jobs.get(id).record;
    if (state === 'queued' || state === 'interrupted') this.#jobs.change(id, { state: 'cancelled' });
  }

  /** Lets a job that runs begin anew from where it should be looked at now. */
  async restart(id: JobId): Promise<void> {
    await this.#stop(id, 'yield');
    this.wake();
  }

  async remove(id: JobId): Promise<void> {
    await this.#stop(id, 'removed');
    this.#jobs.remove(id);
  }

  /** While the result is not disposed of, nothing runs. */
  async hold(): Promise<Disposable> {
    this.#holds += 1;
    const { job } = this.#running ?? {};
    if (job !== undefined) await this.#stop(job.record.job, 'yield');
    return {
      [Symbol.dispose]: () => {
        this.#holds -= 1;
        this.wake();
      },
    };
  }

  /** Stops everything; what ran can be resumed after the next start. */
  async finish(): Promise<void> {
    this.#finished = true;
    const { job } = this.#running ?? {};
    if (job !== undefined) await this.#stop(job.record.job, 'finish');
  }

  #next(): LiveJob | undefined {
    const waiting = this.#jobs.all.filter(({ record }) => record.state === 'queued');
    const [onScreen] = waiting.filter(({ record }) => record.lane === 'screen').sort((a, b) => b.turn - a.turn);
    if (onScreen !== undefined || this.#jobs.queue.paused) return onScreen;
    return waiting.find(({ record }) => record.lane === 'queue');
  }

  async #stop(id: JobId, reason: StopReason): Promise<void> {
    const running = this.#running;
    if (running?.job.record.job !== id) return;
    running.stop.abort(new Stopped<StopReason>(reason));
    await running.over;
  }

  #begin(job: LiveJob): void {
    const stop = new AbortController();
    const id = job.record.job;
    this.#jobs.change(id, { state: 'running', error: null });
    const over = this.#run(job, stop.signal)
      .then(() => 'done' as const)
      .catch((thrown: unknown) => stopReason<StopReason>(stop.signal) ?? thrown)
      .then((outcome) => {
        this.#running = undefined;
        if (outcome === 'done') this.#jobs.change(id, { state: 'done' });
        else if (outcome === 'cancelled') this.#jobs.change(id, { state: 'cancelled' });
        else if (outcome === 'yield') this.#jobs.change(id, { state: 'queued' });
        else if (outcome === 'finish') this.#jobs.change(id, { state: 'interrupted' });
        else if (outcome !== 'removed') this.#jobs.change(id, failure(toErrorData(outcome)));
        this.wake();
      });
    this.#running = { job, stop, over };
  }
}

function goesBefore(next: LiveJob, running: LiveJob): boolean {
  if (next.record.lane !== 'screen') return false;
  return running.record.lane === 'queue' || next.turn > running.turn;
}
