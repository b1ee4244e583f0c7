import type { TimeSpan } from '#contract/intervals.ts';

/** Index of the last span that has begun at a moment; -1 before the first. Spans are in the order of time. */
export function lastBegun(spans: readonly TimeSpan[], seconds: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.startSeconds ?? 0) <= seconds) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Index of the span that a moment lies in; -1 for none. */
export function spanAt(spans: readonly TimeSpan[], seconds: number): number {
  const index = lastBegun(spans, seconds);
  const end = spans[index]?.endSeconds ?? Number.NEGATIVE_INFINITY;
  return seconds < end || (seconds === end && index === spans.length - 1) ? index : -1;
}

/** Those of which something lies inside `shown`; spans do not overlap. */
export function spansInside<Span extends TimeSpan>(spans: readonly Span[], shown: TimeSpan): readonly Span[] {
  const first = Math.max(0, lastBegun(spans, shown.startSeconds));
  return spans.slice(first, lastBegun(spans, shown.endSeconds) + 1);
}
