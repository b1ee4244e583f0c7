import { type TimeSpan, touch } from '#contract/intervals.ts';

/** The parts of a video that no span covers. */
export function gaps(spans: readonly TimeSpan[], durationSeconds: number): readonly TimeSpan[] {
  const found: TimeSpan[] = [];
  let covered: TimeSpan = { startSeconds: 0, endSeconds: 0 };
  for (const span of [...spans, { startSeconds: durationSeconds, endSeconds: durationSeconds }]) {
    if (!touch(covered, span)) found.push({ startSeconds: covered.endSeconds, endSeconds: span.startSeconds });
    if (span.endSeconds > covered.endSeconds) covered = span;
  }
  return found;
}
