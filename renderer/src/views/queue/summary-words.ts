import type { Job } from '#contract/jobs.ts';

/** The whole queue in a line: `2 of 5 done, 1 failed`. */
export function summaryWords(jobs: readonly Job[], isPaused: boolean): string {
  const count = (...states: Job['state'][]) => jobs.filter(({ state }) => states.includes(state)).length;
  const parts = [`${count('done')} of ${jobs.length} done`];
  for (const [state, word] of WORDS) if (count(state) > 0) parts.push(`${count(state)} ${word}`);
  const files = jobs.reduce((sum, { exports }) => sum + (exports === null ? 0 : exports.written + exports.current), 0);
  if (files > 0) parts.push(files === 1 ? '1 file exported' : `${files} files exported`);
  const failures = jobs.reduce((sum, { exports }) => sum + (exports?.failures.length ?? 0), 0);
  if (failures > 0) parts.push(failures === 1 ? '1 export failed' : `${failures} exports failed`);
  if (isPaused && count('queued', 'interrupted') > 0) parts.push('paused');
  return parts.join(', ');
}

const WORDS = [
  ['failed', 'failed'],
  ['cancelled', 'cancelled'],
  ['interrupted', 'interrupted'],
] as const satisfies readonly (readonly [Job['state'], string])[];
