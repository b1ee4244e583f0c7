import type { TimeSpan } from '#contract/intervals.ts';
import { nextStart, previousStart } from './find-step.ts';

interface Where {
  /** The playhead. */
  readonly seconds: number;
  readonly durationSeconds: number;
  readonly intervals: readonly TimeSpan[];
}

/**
 * Where a key leads to on the timeline, as on any slider; pages are actions.
 *
 * @returns null where it leads nowhere, such as to an action before the first one; undefined for a key of somebody else's.
 */
export function keyTarget(key: string, { seconds, durationSeconds, intervals }: Where): number | null | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return seconds - 1;
    case 'ArrowRight':
    case 'ArrowUp':
      return seconds + 1;
    case 'PageDown':
      return previousStart(intervals, seconds);
    case 'PageUp':
      return nextStart(intervals, seconds);
    case 'Home':
      return 0;
    case 'End':
      return durationSeconds;
    default:
      return undefined;
  }
}
