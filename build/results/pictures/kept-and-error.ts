import type { Axis, Series } from './line-chart.ts';
import { COLOURS } from './svg.ts';
import { percent } from './words.ts';

/** Axes and series of pictures in which the error goes with the patches that are kept. */

export const KEPT: Axis = { title: 'patches kept', format: percent(0), from: 0 };
export const ERROR: Axis = { title: 'error, one view', format: percent(0), from: 0 };

export const LEARNED = { name: 'interpreter', colour: COLOURS.blue, shape: 'circle' } as const;
export const CHANCE = { name: 'random, as many patches', colour: COLOURS.orange, shape: 'square' } as const;

export const fullLevel = ({ full }: { readonly full: { readonly error: number } }) => ({
  name: `every patch: ${percent(1)(full.error)}`,
  y: full.error,
});

export interface ErrorPoint {
  readonly keepRatio: number;
  readonly error: number;
}

/** One series for each shape of the reward; points are called after the price of a wrong answer. */
export function rewardSeries(
  rows: readonly (ErrorPoint & { readonly shape: 'squared' | 'linear'; readonly tau: number })[],
): Series[] {
  const styles = {
    squared: { name: 'squared reward, 1 − share²', colour: COLOURS.blue, shape: 'circle' },
    linear: { name: 'linear reward, 1 − share', colour: COLOURS.vermillion, shape: 'diamond' },
  } as const;
  return (['squared', 'linear'] as const).map((shape): Series => {
    const own = rows.filter((row) => row.shape === shape);
    const points = own.map(({ keepRatio: x, error: y, tau }) => ({ x, y, label: `τ ${tau}` }));
    return { ...styles[shape], joined: true, points };
  });
}
