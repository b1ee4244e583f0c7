import type { TimeSpan } from '#contract/intervals.ts';

/** What counts as being there already: a player lands a little beside the moment that it was sent to. */
const THERE_SECONDS = 0.05;

/** Start of the first span that begins after a moment; null when there is none. */
export function nextStart(spans: readonly TimeSpan[], seconds: number): number | null {
  return spans.find(({ startSeconds }) => startSeconds > seconds + THERE_SECONDS)?.startSeconds ?? null;
}

/** Start of the last span that begins before a moment; null when there is none. */
export function previousStart(spans: readonly TimeSpan[], seconds: number): number | null {
  return spans.findLast(({ startSeconds }) => startSeconds < seconds - THERE_SECONDS)?.startSeconds ?? null;
}
