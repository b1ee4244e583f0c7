import type { Job } from '#contract/jobs.ts';

/**
 * How long the analysis of all videos that are left will take, at the speed of the one that runs, or of the one before while nothing is known
 * of it. A video that nobody has looked into counts like those that were, on average.
 *
 * @param left Those that are still to be done.
 * @param all The whole queue.
 * @returns null while nothing runs, or nothing is known yet.
 */
export function secondsLeft(left: readonly Job[], all: readonly Job[]): number | null {
  const running = left.find(({ state }) => state === 'running');
  const speed = running?.progress?.viewsPerSecond ?? lastSpeed(all);
  const totals = all.flatMap(({ progress }) => (progress === null ? [] : [progress.viewsTotal]));
  if (running === undefined || speed === null || speed <= 0 || totals.length === 0) return null;
  const usual = totals.reduce((sum, total) => sum + total, 0) / totals.length;
  const views = left.map(({ state, progress }) => {
    // Only its exports are missing.
    if (state === 'done') return 0;
    return progress === null ? usual : progress.viewsTotal - progress.viewsDone;
  });
  return views.reduce((sum, one) => sum + one, 0) / speed;
}

function lastSpeed(jobs: readonly Job[]): number | null {
  const measured = jobs.filter(({ progress }) => (progress?.viewsPerSecond ?? null) !== null);
  const last = measured.toSorted((a, b) => a.changedAt - b.changedAt).at(-1);
  return last?.progress?.viewsPerSecond ?? null;
}
