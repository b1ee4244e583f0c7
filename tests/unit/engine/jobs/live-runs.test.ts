import { expect, test } from 'vitest';
import { LiveRuns } from '#engine/jobs/live-runs.ts';

test('a clip comes soon when it is done, or close behind the one that was', () => {
  const runs = new LiveRuns();
  const run = runs.begin('job', [30, 31]);
  expect(runs.of('job')).toBe(run);
  expect([29, 30, 31, 32].map((clip) => run.comesSoon(clip))).toEqual([false, true, true, false]);
  run.finish(10);
  expect([9, 10, 11, 14, 15].map((clip) => run.comesSoon(clip))).toEqual([false, true, true, true, false]);
  runs.end('job');
  expect(runs.of('job')).toBeUndefined();
});

test('the scores of a clip are shown until it is done', () => {
  const run = new LiveRuns().begin('job', []);
  run.scores = [{} as never];
  run.finish(0);
  expect(run.scores).toEqual([]);
});
