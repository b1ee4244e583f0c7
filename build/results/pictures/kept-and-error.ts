import type { Axis } from './line-chart.ts';
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
