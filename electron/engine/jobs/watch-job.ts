import type { ViewScores } from '#contract/analysis.ts';
import { ResultUnavailableError, toErrorData } from '#contract/errors.ts';
import type { JobId, WatchEvent } from '#contract/jobs.ts';
import { recordedScores } from '../store/recorded-clip.ts';
import type { OpenResult, ResultKey, ResultStore } from '../store/result-store.ts';
import type { JobList, LiveJob } from './job-list.ts';
import type { LiveRuns } from './live-runs.ts';

export interface Watched {
  readonly jobs: JobList;
  readonly results: ResultStore;
  readonly runs: LiveRuns;
}

/**
 * What is known of a job, and then what becomes known, until it is over.
 *
 * Nothing is queued up for a reader: it is told what has changed since it last looked, so a slow one costs no memory.
 *
 * @param skip Clips that the reader has already, in the order in which they were finished.
 * @throws JobUnavailableError, the signal's reason
 */
export async function* watchJob(
  { jobs, results, runs }: Watched,
  id: JobId,
  skip: number,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, undefined> {
  const reader = new Reader(skip);
  await using result = new ResultOfJob(results);
  for (;;) {
    signal.throwIfAborted();
    const job = jobs.get(id);
    const change = job.pulse.next(signal);
    // Taken before anything is read: what is over has nothing more to add.
    const { state, error, key } = job.record;
    if (state === 'queued') yield* reader.queued();
    if (key !== null) yield* reader.result(await result.get(key));
    for (const view of runs.of(id)?.scores ?? []) yield* reader.scores(view);
    yield* reader.progress(job);
    if (state === 'done') yield* reader.done(key === null ? null : await result.get(key));
    else if (state === 'failed' && error !== null) yield { type: 'failed', error };
    else if (state === 'cancelled' || state === 'interrupted') yield { type: state };
    if (state !== 'queued' && state !== 'running') return;
    await change;
  }
}

/** What one reader has been told. */
class Reader {
  #clips: number;
  #queued = false;
  #started = false;
  #warnings = 0;
  #progress: LiveJob['progress'] = null;
  /** `clip/crop` of scores that came before their clip. */
  readonly #ahead = new Set<string>();
  readonly #given = new Set<number>();

  constructor(skip: number) {
    this.#clips = skip;
  }

  *queued(): Generator<WatchEvent> {
    if (!this.#queued) yield { type: 'queued' };
    this.#queued = true;
  }

  async *result(result: OpenResult): AsyncGenerator<WatchEvent, void, undefined> {
    const { facts, clips } = result;
    if (facts === null) return;
    if (!this.#started) {
      this.#started = true;
      const { video, model, settings, device, clips, gmacsFullPerView } = facts;
      yield { type: 'start', video, model, settings, device, clips, gmacsFullPerView };
    }
    for (const warning of facts.warnings.slice(this.#warnings)) {
      this.#warnings += 1;
      yield { type: 'warning', warning };
    }
    while (this.#clips < clips.count) {
      const recorded = await clips.read(this.#clips);
      this.#clips += 1;
      for (const view of recordedScores(recorded)) yield* this.scores(view);
      const { clip, probabilities } = recorded;
      for (const { crop } of clip.views) this.#ahead.delete(`${clip.index}/${crop}`);
      this.#given.add(clip.index);
      yield { type: 'clip', clip, probabilities };
    }
  }

  *scores(view: ViewScores): Generator<WatchEvent> {
    const name = `${view.clip}/${view.crop}`;
    if (this.#ahead.has(name) || this.#given.has(view.clip)) return;
    this.#ahead.add(name);
    yield { type: 'scores', view };
  }

  *progress({ progress }: LiveJob): Generator<WatchEvent> {
    if (progress === null || progress === this.#progress) return;
    this.#progress = progress;
    yield { type: 'progress', progress };
  }

  *done(result: OpenResult | null): Generator<WatchEvent> {
    const outcome = result?.facts?.outcome;
    if (outcome) yield { type: 'done', ...outcome };
    else yield { type: 'failed', error: toErrorData(resultGone()) };
  }
}

/** Opens the result of a job when it is first needed, and keeps it open. */
class ResultOfJob implements AsyncDisposable {
  readonly #results: ResultStore;
  #opened: OpenResult | undefined;

  constructor(results: ResultStore) {
    this.#results = results;
  }

  async get(key: ResultKey): Promise<OpenResult> {
    this.#opened ??= await this.#results.open(key);
    return this.#opened;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened?.[Symbol.asyncDispose]();
  }
}

export function resultGone(): ResultUnavailableError {
  return new ResultUnavailableError('That result is not there any more.', { hint: 'Analyse the video again.' });
}
