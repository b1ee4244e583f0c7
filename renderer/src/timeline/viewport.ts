import type { TimeSpan } from '#contract/intervals.ts';

/** The part of a video that a timeline shows, and how it changes. Nothing leaves the video. */

/** Closer than this nothing more is to be seen. */
const SHORTEST_SECONDS = 0.5;

export function whole(durationSeconds: number): TimeSpan {
  return { startSeconds: 0, endSeconds: durationSeconds };
}

export function lengthOf({ startSeconds, endSeconds }: TimeSpan): number {
  return endSeconds - startSeconds;
}

/** @param factor above 1 shows less, closer. What is at `aroundSeconds` stays where it is. */
export function zoomed(span: TimeSpan, factor: number, aroundSeconds: number, durationSeconds: number): TimeSpan {
  const shortest = Math.min(SHORTEST_SECONDS, durationSeconds);
  const length = Math.min(durationSeconds, Math.max(shortest, lengthOf(span) / factor));
  const share = lengthOf(span) === 0 ? 0 : (aroundSeconds - span.startSeconds) / lengthOf(span);
  return inside(aroundSeconds - share * length, length, durationSeconds);
}

export function moved(span: TimeSpan, bySeconds: number, durationSeconds: number): TimeSpan {
  return inside(span.startSeconds + bySeconds, lengthOf(span), durationSeconds);
}

/** Whether a moment can be seen. */
export function shows({ startSeconds, endSeconds }: TimeSpan, seconds: number): boolean {
  return startSeconds <= seconds && seconds <= endSeconds;
}

/** Turns the page to a moment that is not shown: it comes near the left edge, with room ahead of it. */
export function turnedTo(span: TimeSpan, seconds: number, durationSeconds: number): TimeSpan {
  return inside(seconds - 0.1 * lengthOf(span), lengthOf(span), durationSeconds);
}

function inside(startSeconds: number, length: number, durationSeconds: number): TimeSpan {
  const start = Math.max(0, Math.min(startSeconds, durationSeconds - length));
  return { startSeconds: start, endSeconds: start + length };
}
