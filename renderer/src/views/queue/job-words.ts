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

/** How fast a video is analysed; null when it is not, or nothing is known yet. */
export function speedWords({ state, progress }: Job): string | null {
  if (state !== 'running' || progress === null || progress.viewsPerSecond === null) return null;
  const { viewsPerSecond, viewsDone, viewsTotal } = progress;
  const speed = viewsPerSecond < 10 ? viewsPerSecond.toFixed(1) : String(Math.round(viewsPerSecond));
  return `${viewsDone} of ${viewsTotal} views, ${speed} views/s`;
}
