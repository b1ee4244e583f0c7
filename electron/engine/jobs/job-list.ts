import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { z } from 'zod';
import { analysisRequestSchema } from '#contract/analysis-request.ts';
import { errorDataSchema } from '#contract/error-data.ts';
import { type ErrorData, JobUnavailableError } from '#contract/errors.ts';
import {
  type Job,
  type JobExports,
  type JobId,
  type JobProgress,
  jobIdSchema,
  jobStateSchema,
  type Queue,
} from '#contract/jobs.ts';
import type { FileRegistry } from '../files/file-registry.ts';
import type { EventHub } from '../store/event-hub.ts';
import type { NoticeBoard } from '../store/notice-board.ts';
import { StateFile } from '../store/state-file.ts';
import { afterStart, exportsRecordSchema, isPending, publicExports } from './job-exports.ts';
import { Pulse } from './pulse.ts';

const resultKeySchema = z.object({
  content: z.string().regex(/^[0-9a-f]{32}$/),
  result: z.string().regex(/^[0-9a-f]{32}$/),
});

const recordSchema = z.object({
  job: jobIdSchema,
  path: z.string(),
  lane: z.enum(['screen', 'queue']),
  request: analysisRequestSchema,
  state: jobStateSchema,
  key: resultKeySchema.nullable(),
  /** What an earlier run found out is to be forgotten first. */
  again: z.boolean(),
  error: errorDataSchema.nullable(),
  exports: exportsRecordSchema.nullable().default(null),
  addedAt: z.number(),
  changedAt: z.number(),
});
/** What of a job outlives the engine. */
type JobRecord = z.infer<typeof recordSchema>;

const listSchema = z.object({ paused: z.boolean(), jobs: z.array(recordSchema) });
type StoredList = z.infer<typeof listSchema>;

/** Jobs of the screen that are over are kept for windows that still show them; this many. */
const MOST_SCREEN_JOBS = 50;

/** A job with what only the running engine knows. */
export interface LiveJob {
  readonly record: Readonly<JobRecord>;
  readonly progress: JobProgress | null;
  /** How far its exports are; null while none is written. */
  readonly exporting: Pick<JobExports, 'share' | 'secondsLeft'> | null;
  /** Where the user looks. */
  readonly fromSeconds: number;
  /** Of jobs on screen, the one with the highest number is the one that is looked at. */
  readonly turn: number;
  /** Whoever watches the job is told here. */
  readonly pulse: Pulse;
}

interface ChangeableJob extends LiveJob {
  record: JobRecord;
  progress: JobProgress | null;
  exporting: LiveJob['exporting'];
  fromSeconds: number;
  turn: number;
}

/** A job to be added. */
export interface NewJob extends Pick<JobRecord, 'path' | 'lane' | 'request'> {
  readonly fromSeconds?: number;
  readonly again?: boolean;
  readonly exports?: JobRecord['exports'];
}

/** A change of a job; what is left out stays. */
export type JobChange = Partial<Pick<JobRecord, 'state' | 'key' | 'error' | 'again' | 'exports'>> &
  Partial<Pick<LiveJob, 'progress' | 'exporting' | 'fromSeconds'>>;

/** All jobs in the order in which they were added. Changes are told to every window and written to disk. */
export class JobList {
  /** Fires whenever something about any job, or about the queue, is another one. */
  readonly changed = new Pulse();
  readonly #file: StateFile<StoredList>;
  readonly #hub: EventHub;
  readonly #files: FileRegistry;
  readonly #jobs = new Map<JobId, ChangeableJob>();
  #turns = 0;

  private constructor(file: StateFile<StoredList>, hub: EventHub, files: FileRegistry) {
    this.#file = file;
    this.#hub = hub;
    this.#files = files;
  }

  /** Jobs that were running when an engine ended are `interrupted` now, and the queue waits until somebody starts it. */
  static async open(path: string, hub: EventHub, files: FileRegistry, notices: NoticeBoard): Promise<JobList> {
    const options = { path, what: 'the queue', version: 1, schema: listSchema, initial: { paused: false, jobs: [] } };
    const list = new JobList(await StateFile.open({ ...options, notices }), hub, files);
    for (const record of list.#file.value.jobs) {
      const state = record.state === 'running' ? 'interrupted' : record.state;
      list.#keep({ ...record, state, exports: afterStart(record.exports) });
    }
    list.#announceUnfinished(notices);
    return list;
  }

  get queue(): Queue {
    return { paused: this.#file.value.paused };
  }

  get all(): readonly LiveJob[] {
    return [...this.#jobs.values()];
  }

  /** @throws JobUnavailableError */
  get(job: JobId): LiveJob {
    return this.#get(job);
  }

  add({ path, lane, request, fromSeconds = 0, again = false, exports = null }: NewJob): LiveJob {
    const now = Date.now();
    // Windows are told of jobs in any order and go by this: many are added in one millisecond.
    const addedAt = Math.max(now, (this.all.at(-1)?.record.addedAt ?? 0) + 1);
    const job = this.#keep({
      ...{ job: randomUUID(), path, lane, request, again, state: 'queued', key: null, error: null },
      ...{ exports, addedAt, changedAt: now },
    });
    job.fromSeconds = fromSeconds;
    this.lookAt(job.record.job);
    this.#dropOldScreenJobs();
    this.#save();
    this.#tell(job);
    return job;
  }

  change(id: JobId, { progress, exporting, fromSeconds, ...kept }: JobChange): LiveJob {
    const job = this.#get(id);
    if (progress !== undefined) job.progress = progress;
    if (exporting !== undefined) job.exporting = exporting;
    if (fromSeconds !== undefined) job.fromSeconds = fromSeconds;
    if (Object.keys(kept).length > 0) {
      job.record = { ...job.record, ...kept, changedAt: Date.now() };
      this.#save();
    }
    this.#tell(job);
    return job;
  }

  /** This is the job that the user looks at now. */
  lookAt(id: JobId): void {
    this.#turns += 1;
    this.#get(id).turn = this.#turns;
  }

  remove(id: JobId): void {
    const job = this.#get(id);
    this.#jobs.delete(id);
    this.#save();
    this.#hub.publish(id, { type: 'job-removed', job: id });
    job.pulse.fire();
    this.changed.fire();
  }

  pause(paused: boolean): Queue {
    this.#file.set({ ...this.#file.value, paused });
    this.#hub.publish('queue', { type: 'queue', queue: this.queue });
    this.changed.fire();
    return this.queue;
  }

  /** As windows see it: without paths. */
  public({ record, progress, exporting }: LiveJob): Job {
    const { job, path, lane, request, state, key, error, addedAt, changedAt } = record;
    const { file } = this.#files.remember(path);
    const result = key?.result ?? null;
    const howFar = exporting ?? { share: record.exports?.state === 'done' ? 1 : 0, secondsLeft: null };
    const exports = record.exports === null ? null : publicExports(record.exports, howFar, this.#files);
    const facts = { lane, request, state, progress, result, error, exports, addedAt, changedAt };
    return { job, file, name: basename(path), ...facts };
  }

  /** Fulfilled when everything is on disk. */
  settled(): Promise<void> {
    return this.#file.settled();
  }

  #get(id: JobId): ChangeableJob {
    const job = this.#jobs.get(id);
    if (job !== undefined) return job;
    throw new JobUnavailableError('That analysis is not in the list any more.', { hint: 'Begin it again.' });
  }

  #keep(record: JobRecord): ChangeableJob {
    const job: ChangeableJob = {
      ...{ record, progress: null, exporting: null, fromSeconds: 0, turn: 0 },
      pulse: new Pulse(),
    };
    this.#jobs.set(record.job, job);
    return job;
  }

  #save(): void {
    this.#file.set({ ...this.#file.value, jobs: [...this.#jobs.values()].map(({ record }) => record) });
  }

  #tell(job: ChangeableJob): void {
    this.#hub.publish(job.record.job, { type: 'job', job: this.public(job) });
    job.pulse.fire();
    this.changed.fire();
  }

  #dropOldScreenJobs(): void {
    const over = this.all.filter(({ record }) => record.lane === 'screen' && isOver(record.state));
    for (const { record } of over.slice(0, Math.max(0, over.length - MOST_SCREEN_JOBS))) this.remove(record.job);
  }

  #announceUnfinished(notices: NoticeBoard): void {
    const waiting = this.all.filter(({ record }) => record.lane === 'queue' && record.state === 'queued');
    const interrupted = this.all.filter(({ record }) => record.state === 'interrupted');
    const unwritten = this.all.filter(({ record }) => record.state === 'done' && isPending(record.exports));
    if (waiting.length + interrupted.length + unwritten.length === 0) return;
    this.pause(true);
    if (interrupted.length === 0) return;
    const [first, ...others] = interrupted.map(({ record }) => basename(record.path));
    notices.post({
      code: 'work-interrupted',
      message: `The analysis of ${first}${others.length > 0 ? ` and ${others.length} more` : ''} was interrupted. What was done is kept.`,
      jobs: interrupted.map(({ record }) => record.job),
    });
  }
}

/** Whether nothing more happens to a job by itself, its exports aside. */
export function isOver(state: Job['state']): boolean {
  return state === 'done' || state === 'failed' || state === 'cancelled';
}

/** Whether a job is over, and nothing is to be written of it either. */
export function isThrough({ record: { state, exports } }: LiveJob): boolean {
  return isOver(state) && !(state === 'done' && isPending(exports));
}

/** What a job becomes that went wrong. */
export function failure(error: ErrorData): JobChange {
  return { state: 'failed', error };
}
