import type { ViewScores } from '#contract/analysis.ts';
import type { JobId } from '#contract/jobs.ts';

/** A clip that is so close behind the one being worked on comes soon enough. */
const SOON = 4;

/** What is known of a job only while it runs. */
export class LiveRun {
  /** The scores of the clip that is being worked on. */
  scores: readonly ViewScores[] = [];
  readonly #finished: Set<number>;
  #latest: number | undefined;

  /** @param finished Clips that earlier runs have done. */
  constructor(finished: Iterable<number>) {
    this.#finished = new Set(finished);
  }

  finish(clip: number): void {
    this.#finished.add(clip);
    this.#latest = clip;
    this.scores = [];
  }

  /** Whether a clip is done, or will be without any change of course. */
  comesSoon(clip: number): boolean {
    if (this.#finished.has(clip)) return true;
    return this.#latest !== undefined && clip > this.#latest && clip <= this.#latest + SOON;
  }
}

/** The jobs that run, at most one of them. */
export class LiveRuns {
  readonly #runs = new Map<JobId, LiveRun>();

  begin(job: JobId, finished: Iterable<number>): LiveRun {
    const run = new LiveRun(finished);
    this.#runs.set(job, run);
    return run;
  }

  of(job: JobId): LiveRun | undefined {
    return this.#runs.get(job);
  }

  end(job: JobId): void {
    this.#runs.delete(job);
  }
}
