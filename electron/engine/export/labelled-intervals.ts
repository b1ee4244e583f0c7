import type { ExportedInterval } from '#contract/exports.ts';
import { actionIntervals, type IntervalRule, probabilitiesOf } from '#contract/intervals.ts';
import type { ExportSource } from './export-source.ts';

/** The action intervals of an analysis by the rule that the timeline uses too, with names and frame numbers. */
export async function labelledIntervals(source: ExportSource, rule: IntervalRule): Promise<ExportedInterval[]> {
  const classified = await Array.fromAsync(source.clips(), ({ clip, probabilities }) => ({
    index: clip.index,
    startSeconds: clip.startSeconds,
    endSeconds: clip.endSeconds,
    probabilities: probabilitiesOf(clip, probabilities, rule.basis),
  }));
  const byIndex = new Map(source.analysis.clips.map((clip) => [clip.index, clip]));
  return actionIntervals(classified, rule).map((interval) => ({
    ...interval,
    label: source.labels[interval.classIndex] ?? `class ${interval.classIndex}`,
    firstFrame: byIndex.get(interval.firstClip)?.frameIndices[0] ?? 0,
    lastFrame: byIndex.get(interval.lastClip)?.frameIndices.at(-1) ?? 0,
  }));
}
