import type { AnalysedClip } from './timeline-clip.ts';

/** The classes that are most probable over all clips, by the mean of their probabilities; the best first. */
export function bestClasses(clips: readonly Pick<AnalysedClip, 'probabilities'>[], count: number): readonly number[] {
  const sums = new Float64Array(clips[0]?.probabilities.length ?? 0);
  for (const { probabilities } of clips) {
    for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (probabilities[i] ?? 0);
  }
  const indices = Array.from(sums, (_, i) => i);
  return indices.sort((a, b) => (sums[b] ?? 0) - (sums[a] ?? 0)).slice(0, count);
}
