import type { ExportedInterval } from '#contract/exports.ts';

/** What one action adds up to in a video. */
export interface ActionTotal {
  readonly classIndex: number;
  readonly label: string;
  readonly seconds: number;
  readonly intervals: number;
  /** Mean over the time. */
  readonly probability: number;
  /** `c1` … `c7`: the colour that the class has on the app's timeline, too. */
  readonly colour: string;
}

const COLOURS = 7;

/** The actions of a video, the longest first. */
export function actionTotals(intervals: readonly ExportedInterval[]): ActionTotal[] {
  const byClass = Map.groupBy(intervals, ({ classIndex }) => classIndex);
  const totals = [...byClass].map(([classIndex, all]) => {
    const seconds = all.reduce((sum, one) => sum + one.endSeconds - one.startSeconds, 0);
    const weighted = all.reduce((sum, one) => sum + one.probability * (one.endSeconds - one.startSeconds), 0);
    return {
      ...{ classIndex, label: all[0]?.label ?? '', seconds, intervals: all.length },
      probability: seconds > 0 ? weighted / seconds : (all[0]?.probability ?? 0),
      colour: `c${(classIndex % COLOURS) + 1}`,
    };
  });
  return totals.sort((a, b) => b.seconds - a.seconds || a.classIndex - b.classIndex);
}
