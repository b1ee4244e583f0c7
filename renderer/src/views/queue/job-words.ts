import type { Job } from '#contract/jobs.ts';
import { shareOf } from '../../state/queue.svelte.ts';
import { durationText } from '../../text/quantities.ts';
import { selectorWords } from '../../text/selector.ts';

/** How a video is or will be analysed, in a few words. */
export function requestWords({ views, selector }: Job['request']): string {
  return `${selectorWords(selector)} · ${views === 1 ? '1 view' : `${views} views`}`;
}

/** How far a video has come, in a few words. */
export function progressWords(job: Job, isPaused: boolean): string {
  const percent = `${Math.floor(100 * shareOf(job))} %`;
  switch (job.state) {
    case 'running': {
      if (job.progress === null) return 'Looking into the video';
      const { secondsLeft } = job.progress;
      return secondsLeft === null ? percent : `${percent}, ${durationText(secondsLeft)} left`;
    }
    case 'queued': {
      const begun = shareOf(job) > 0;
      if (isPaused) return begun ? `Paused at ${percent}` : 'Paused';
      return begun ? `Waiting at ${percent}` : 'Waiting';
    }
    case 'done':
      return 'Done';
    case 'failed':
      return 'Failed';
    case 'cancelled':
      return job.progress === null ? 'Cancelled' : `Cancelled at ${percent}`;
    case 'interrupted':
      return 'Interrupted, what was done is kept';
  }
}

/** What has become of its exports, in a few words; null where there are none, or they have to wait for the analysis. */
export function exportWords({ state, exports }: Job, isPaused: boolean): string | null {
  if (exports === null || state === 'failed' || state === 'cancelled') return null;
  if (state !== 'done') return `Then ${exports.kinds.length === 1 ? '1 export' : `${exports.kinds.length} exports`}`;
  switch (exports.state) {
    case 'waiting':
      return isPaused ? 'Export paused' : 'Waiting to be exported';
    case 'running': {
      const percent = `Exporting, ${Math.floor(100 * exports.share)} %`;
      return exports.secondsLeft === null ? percent : `${percent}, ${durationText(exports.secondsLeft)} left`;
    }
    case 'cancelled':
      return 'Export stopped';
    case 'done':
    case 'failed':
      return filesWords(exports);
  }
}

function filesWords({ written, current, failures }: NonNullable<Job['exports']>): string {
  const files = (count: number) => (count === 1 ? '1 file' : `${count} files`);
  const parts = [
    ...(written > 0 ? [`${files(written)} exported`] : []),
    ...(current > 0 ? [`${files(current)} up to date`] : []),
    ...(failures.length > 0 ? [failures.length === 1 ? '1 export failed' : `${failures.length} exports failed`] : []),
  ];
  return parts.join(', ');
}

/** How fast a video is analysed; null when it is not, or nothing is known yet. */
export function speedWords({ state, progress }: Job): string | null {
  if (state !== 'running' || progress === null || progress.viewsPerSecond === null) return null;
  const { viewsPerSecond, viewsDone, viewsTotal } = progress;
  const speed = viewsPerSecond < 10 ? viewsPerSecond.toFixed(1) : String(Math.round(viewsPerSecond));
  return `${viewsDone} of ${viewsTotal} views, ${speed} views/s`;
}
