/**
 * The sampled frame whose scores are shown at a moment: the nearest one, the earlier of two as near.
 *
 * @param frameSeconds Ascending; at the end of a video the last frame may be there several times, and the first of them is
 *   taken.
 * @returns Its number, −1 when there is none.
 */
export function nearestSampledFrame(frameSeconds: readonly number[], seconds: number): number {
  let nearest = -1;
  let distance = Number.POSITIVE_INFINITY;
  for (const [i, frame] of frameSeconds.entries()) {
    const here = Math.abs(frame - seconds);
    if (here < distance) {
      nearest = i;
      distance = here;
    }
  }
  return nearest;
}
