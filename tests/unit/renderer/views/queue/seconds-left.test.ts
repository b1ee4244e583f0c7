import { expect, test } from 'vitest';
import type { Job, JobProgress, JobState } from '#contract/jobs.ts';
import { secondsLeft } from '../../../../../renderer/src/views/queue/seconds-left.ts';

let clock = 0;

function job(state: JobState, progress: Partial<JobProgress> | null = null): Job {
  clock++;
  return {
    job: '00000000-0000-4000-8000-000000000000',
    file: 'A'.repeat(22),
    name: 'a.mp4',
    lane: 'queue',
    request: { model: 'motions-tiny', views: 3, selector: {}, topK: 5 },
    state,
    progress:
      progress === null ? null : { viewsDone: 0, viewsTotal: 30, viewsPerSecond: null, secondsLeft: null, ...progress },
    result: null,
    error: null,
    exports: null,
    addedAt: clock,
    changedAt: clock,
  };
}

const left = (...jobs: Job[]) =>
  secondsLeft(
    jobs.filter(({ state }) => ['queued', 'running', 'interrupted'].includes(state)),
    jobs,
  );

test('what is left of all videos, at the speed of the one that runs', () => {
  const running = job('running', { viewsDone: 10, viewsTotal: 30, viewsPerSecond: 4 });
  expect(left(running)).toBe(5);
  expect(left(running, job('queued', { viewsDone: 6, viewsTotal: 18 }))).toBe(8);
});

test('a video that nobody has looked into counts like the others', () => {
  const done = job('done', { viewsDone: 50, viewsTotal: 50, viewsPerSecond: 1 });
  const running = job('running', { viewsDone: 30, viewsTotal: 30, viewsPerSecond: 4 });
  expect(left(done, running, job('queued'))).toBe(10);
});

test('between two videos the speed of the one before counts', () => {
  const done = job('done', { viewsDone: 20, viewsTotal: 20, viewsPerSecond: 5 });
  expect(left(done, job('running'), job('queued'))).toBe(8);
});

test.each<[when: string, jobs: Job[]]>([
  ['nothing runs', [job('done', { viewsPerSecond: 3 }), job('queued', {})]],
  ['nothing is known yet', [job('running'), job('queued')]],
  ['no view is done yet', [job('running', {})]],
])('nobody knows while %s', (_when, jobs) => {
  expect(left(...jobs)).toBeNull();
});

test('a video of which only the exports are missing takes no more of the model', () => {
  const exported = job('done');
  const running = job('running', { viewsDone: 10, viewsTotal: 30, viewsPerSecond: 4 });
  expect(secondsLeft([exported, running], [exported, running])).toBe(5);
});
