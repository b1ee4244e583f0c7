/** How much each place of an image matters, the higher the more; scale and range are the method's own. */
export interface HeatMap {
  readonly width: number;
  readonly height: number;
  /** `[height, width]`. */
  readonly scores: Float32Array;
}

/** Scores of a square of patches. */
export function patchMap(scores: Float32Array): HeatMap {
  const across = Math.round(Math.sqrt(scores.length));
  if (across * across !== scores.length) throw new RangeError(`${scores.length} scores are no square of patches`);
  return { width: across, height: across, scores };
}
