import type { JobProgress } from '#contract/jobs.ts';

/** Speed and time left of one run. Starts when it is made. */
export class ProgressMeter {
  readonly #viewsBefore: number;
  readonly #startedMs = performance.now();

  /** @param viewsBefore Done by earlier runs: they say nothing about the speed of this one. */
  constructor(viewsBefore: number) {
    this.#viewsBefore = viewsBefore;
  }

  report(viewsDone: number, viewsTotal: number): JobProgress {
    const seconds = (performance.now() - this.#startedMs) / 1000;
    const views = viewsDone - this.#viewsBefore;
    if (views <= 0 || seconds <= 0) return { viewsDone, viewsTotal, viewsPerSecond: null, secondsLeft: null };
    const viewsPerSecond = views / seconds;
    return { viewsDone, viewsTotal, viewsPerSecond, secondsLeft: (viewsTotal - viewsDone) / viewsPerSecond };
  }
}
