/** What the ends of the colour map and of the threshold's slider stand for. */
export interface ScoreRange {
  readonly lowest: number;
  readonly highest: number;
}

/**
 * The interpreter's scores are probabilities and those of chance shares, so 0 … 1 whatever is there. All others are measured
 * in units of their own: from the lowest to the highest of the clip, so that its frames can be compared.
 *
 * @param selector Its name, as the analysis' settings state it, or that of a score map.
 * @param scores Of every view of a clip.
 */
export function scoreRange(selector: string, scores: readonly Float32Array[]): ScoreRange {
  if (selector === 'interpreter' || selector === 'full' || selector === 'random') return { lowest: 0, highest: 1 };
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (const view of scores) {
    for (const score of view) {
      if (score < lowest) lowest = score;
      if (score > highest) highest = score;
    }
  }
  return lowest < highest ? { lowest, highest } : { lowest: 0, highest: 1 };
}

/** Where a score lies in a range, 0 … 1. */
export function shareOf(score: number, { lowest, highest }: ScoreRange): number {
  return (score - lowest) / (highest - lowest);
}
