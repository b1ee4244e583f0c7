import { describe, expect, test } from 'vitest';
import type { Job, JobExports } from '#contract/jobs.ts';
import { wholeShareOf } from '../../../../../renderer/src/state/queue.svelte.ts';
import { actionLabel, actionsOf } from '../../../../../renderer/src/views/queue/job-actions.ts';
import {
  exportWords,
  progressWords,
  requestWords,
  speedWords,
} from '../../../../../renderer/src/views/queue/job-words.ts';
import { summaryWords } from '../../../../../renderer/src/views/queue/summary-words.ts';

const JOB: Job = {
  job: '2f1c9a52-5f0c-4c0b-9a39-0d4c3b1f7a10',
  file: 'A'.repeat(22),
  name: 'a.mp4',
  lane: 'queue',
  request: { model: 'motions-tiny', views: 3, selector: { keep: 0.5 }, topK: 5 },
  state: 'queued',
  progress: null,
  result: null,
  error: null,
  exports: null,
  addedAt: 0,
  changedAt: 0,
};
const half = { viewsDone: 30, viewsTotal: 60, viewsPerSecond: 4.25, secondsLeft: 95 };
const job = (change: Partial<Job>): Job => ({ ...JOB, ...change });

const EXPORTS: JobExports = {
  ...{ kinds: ['mp4', 'csv'], destination: { to: 'beside' }, state: 'waiting', share: 0, secondsLeft: null },
  ...{ written: 0, current: 0, failures: [], files: [] },
};
const made = (change: Partial<JobExports>): Partial<Job> => ({ state: 'done', exports: { ...EXPORTS, ...change } });
const refused = { kind: 'csv', error: { code: 'target-exists', message: 'There is already a file a.csv.' } } as const;

describe('a video of the queue says', () => {
  test.each<[Partial<Job>, boolean, string | null]>([
    [{ state: 'done' }, false, null],
    [{ exports: EXPORTS }, false, 'Then 2 exports'],
    [{ state: 'running', exports: { ...EXPORTS, kinds: ['csv'] } }, false, 'Then 1 export'],
    [{ state: 'failed', exports: EXPORTS }, false, null],
    [made({}), false, 'Waiting to be exported'],
    [made({}), true, 'Export paused'],
    [made({ state: 'running', share: 0.436, secondsLeft: 12.4 }), false, 'Exporting, 43 %, 12 s left'],
    [made({ state: 'done', written: 2 }), false, '2 files exported'],
    [made({ state: 'done', written: 1, current: 12 }), false, '1 file exported, 12 files up to date'],
    [made({ state: 'failed', written: 1, failures: [refused] }), false, '1 file exported, 1 export failed'],
    [made({ state: 'cancelled' }), false, 'Export stopped'],
  ])('what becomes of its exports: %j, paused %s', (change, isPaused, words) => {
    expect(exportWords(job(change), isPaused)).toBe(words);
  });

  test.each<[Partial<Job>, boolean, string]>([
    [{}, false, 'Waiting'],
    [{}, true, 'Paused'],
    [{ progress: half }, true, 'Paused at 50 %'],
    [{ progress: half }, false, 'Waiting at 50 %'],
    [{ state: 'running' }, false, 'Looking into the video'],
    [{ state: 'running', progress: half }, false, '50 %, 2 min left'],
    [{ state: 'running', progress: { ...half, viewsPerSecond: null, secondsLeft: null } }, false, '50 %'],
    [{ state: 'done', progress: half }, false, 'Done'],
    [{ state: 'failed' }, false, 'Failed'],
    [{ state: 'cancelled', progress: half }, false, 'Cancelled at 50 %'],
    [{ state: 'interrupted' }, true, 'Interrupted, what was done is kept'],
  ])('how far it has come: %j, paused %s', (change, isPaused, words) => {
    expect(progressWords(job(change), isPaused)).toBe(words);
  });

  test('how fast it goes, while it runs', () => {
    expect(speedWords(job({ state: 'running', progress: half }))).toBe('30 of 60 views, 4.3 views/s');
    expect(speedWords(job({ state: 'running', progress: { ...half, viewsPerSecond: 141.2 } }))).toContain(
      '141 views/s',
    );
    expect(speedWords(job({ state: 'queued', progress: half }))).toBeNull();
  });

  test('what it is analysed with', () => {
    expect(requestWords(JOB.request)).toBe('The model’s choice, best 50 % · 3 views');
    expect(requestWords({ ...JOB.request, views: 1 })).toMatch(/ 1 view$/);
  });

  test('what can be done with it', () => {
    const result = '0'.repeat(32);
    expect(actionsOf(job({ state: 'running' }), true)).toEqual(['cancel']);
    expect(actionsOf(job({ state: 'done', result }), true)).toEqual(['open', 'export', 'retry', 'remove']);
    const files = [{ file: 'B'.repeat(22), name: 'a.csv' }];
    const there = { result, ...made({ state: 'done', files }) };
    expect(actionsOf(job(there), true)).toEqual(['open', 'export', 'show', 'retry', 'remove']);
    expect(actionsOf(job(there), false)).not.toContain('show');
    const fetched = made({ state: 'done', files, destination: { to: 'download' } });
    expect(actionsOf(job({ result, ...fetched }), true)).not.toContain('show');
    expect(actionsOf(job({ result, ...made({ state: 'running' }) }), true)).toEqual(['open', 'stop-exports', 'remove']);
    // Nothing was kept that could be opened.
    expect(actionsOf(job({ state: 'cancelled' }), true)).toEqual(['retry', 'remove']);
    expect(actionsOf(job({ state: 'interrupted', result }), true)).toContain('open');
    expect(actionLabel('retry', job({ state: 'interrupted' }))).toBe('Go on');
    expect(actionLabel('retry', job({ state: 'failed' }))).toBe('Try again');
    expect(actionLabel('retry', job({ state: 'done' }))).toBe('Analyse once more');
  });
});

test.each<[Partial<Job>, number]>([
  [{ state: 'running', progress: half }, 0.5],
  [{ state: 'running', progress: half, exports: EXPORTS }, 0.25],
  [made({}), 0.5],
  [made({ state: 'running', share: 0.5 }), 0.75],
  [made({ state: 'failed', failures: [refused] }), 1],
  [{ state: 'failed', exports: EXPORTS }, 1],
])('a video counts with its exports: %j', (change, share) => {
  expect(wholeShareOf(job(change))).toBe(share);
});

test('the whole queue is said in a line', () => {
  const jobs = (['done', 'done', 'failed', 'queued', 'cancelled'] as const).map((state) => job({ state }));
  expect(summaryWords(jobs, false)).toBe('2 of 5 done, 1 failed, 1 cancelled');
  expect(summaryWords(jobs, true)).toBe('2 of 5 done, 1 failed, 1 cancelled, paused');
  const exported = [...jobs, job(made({ state: 'failed', written: 3, current: 1, failures: [refused] }))];
  expect(summaryWords(exported, false)).toBe('3 of 6 done, 1 failed, 1 cancelled, 4 files exported, 1 export failed');
  // Nothing is left that could wait.
  expect(summaryWords([job({ state: 'done' })], true)).toBe('1 of 1 done');
});
