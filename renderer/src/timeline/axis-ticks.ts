import type { TimeSpan } from '#contract/intervals.ts';
import { timeText } from './time-text.ts';

export interface Tick {
  readonly seconds: number;
  /** Null for the small ones in between. */
  readonly text: string | null;
}

/** Distances between two times that people count in, and into how many parts each is divided. */
const STEPS: readonly (readonly [seconds: number, parts: number])[] = [
  [0.1, 5],
  [0.2, 4],
  [0.5, 5],
  [1, 5],
  [2, 4],
  [5, 5],
  [10, 5],
  [15, 3],
  [30, 3],
  [60, 6],
  [120, 4],
  [300, 5],
  [600, 5],
  [900, 3],
  [1800, 6],
  [3600, 4],
  [7200, 4],
  [21600, 6],
];

/** The times to write along an axis, with at least `distancePx` between two of them. */
export function axisTicks(span: TimeSpan, widthPx: number, distancePx = 76): readonly Tick[] {
  const length = span.endSeconds - span.startSeconds;
  if (!(length > 0 && widthPx > 0)) return [];
  const least = (length * distancePx) / widthPx;
  const [step, parts] = STEPS.find(([seconds]) => seconds >= least) ?? [Math.ceil(least / 21600) * 21600, 6];
  const ticks: Tick[] = [];
  const small = step / parts;
  // Counted in whole steps: added up, they would drift.
  for (let i = Math.ceil(span.startSeconds / small - 1e-9); i * small <= span.endSeconds + 1e-9; i++) {
    ticks.push({ seconds: i * small, text: i % parts === 0 ? timeText(i * small, step < 1 ? 1 : 0) : null });
  }
  return ticks;
}
