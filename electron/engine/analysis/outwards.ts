/** Clips of the first span on each side; every next one is twice as long. */
const FIRST_SPAN = 4;

/**
 * A plan of clips cut into spans, those nearest to `fromSeconds` first: forwards from the clip that is on screen there, then
 * backwards, in turn. Every span is decoded in one pass; since their lengths double, there are few of them however long the
 * video is.
 *
 * @param plan in order of time
 */
export function outwards<T extends { readonly startSeconds: number }>(
  plan: readonly T[],
  fromSeconds: number,
): (readonly T[])[] {
  const spans: (readonly T[])[] = [];
  let ahead = Math.max(
    0,
    plan.findLastIndex(({ startSeconds }) => startSeconds <= fromSeconds),
  );
  let behind = ahead;
  for (let length = FIRST_SPAN; ahead < plan.length || behind > 0; length *= 2) {
    // With nothing left behind, there is nothing to take turns with.
    const until = behind === 0 ? plan.length : Math.min(plan.length, ahead + length);
    const from = Math.max(0, behind - length);
    if (until > ahead) spans.push(plan.slice(ahead, until));
    if (from < behind) spans.push(plan.slice(from, behind));
    ahead = until;
    behind = from;
  }
  return spans;
}
