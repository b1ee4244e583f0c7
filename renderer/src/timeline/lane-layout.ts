import type { Band } from './drawing/surface.ts';

/** Where the lanes lie, from the top of the canvas, in CSS pixels. */
export interface LaneLayout {
  readonly axis: Band;
  readonly actions: Band;
  readonly probabilities: Band;
  readonly kept: Band;
  /** Null where only one crop was run: there is nothing to compare. */
  readonly disagreements: Band | null;
  readonly height: number;
}

const GAP_PX = 6;

/** @param compact for windows that are not high */
export function laneLayout(compact: boolean, comparesCrops: boolean): LaneLayout {
  let top = 0;
  const band = (height: number, gap = GAP_PX): Band => {
    const made = { top, height };
    top += height + gap;
    return made;
  };
  const axis = band(22, 2);
  const actions = band(compact ? 26 : 32);
  const probabilities = band(compact ? 40 : 60);
  const kept = band(compact ? 20 : 28);
  const disagreements = comparesCrops ? band(14) : null;
  return { axis, actions, probabilities, kept, disagreements, height: top };
}
