import { z } from 'zod';

const pixels = z.int().min(0);

/** One score map held against its mask: pixels by what they are and what they are taken for. */
export const maskComparisonSchema = z.strictObject({
  foundFore: pixels,
  missedFore: pixels,
  foundBack: pixels,
  missedBack: pixels,
  /** See {@link averagePrecision}. */
  averagePrecision: z.number().min(0).nullable(),
});
export type MaskComparison = z.infer<typeof maskComparisonSchema>;

/** How well score maps agree with masks, over a set of clips; each 0 … 1. */
export interface MaskAgreement {
  /** Share of pixels on the right side. */
  readonly pixelAccuracy: number;
  /** Mean over foreground and background of the share of their pixels that are found. */
  readonly meanAccuracy: number;
  /** Mean over foreground and background of intersection over union. */
  readonly meanIou: number;
  /** Of the foreground's pixels ranked by score, mean over the clips that show any; null when none does. */
  readonly averagePrecision: number | null;
}

/**
 * Takes a score map for a segmentation, as weakly supervised segmentation is judged (IA-RED², section 4.3): a pixel is
 * foreground where the map is above its mean over the clip.
 *
 * @param map One score for each pixel, such as `pixelMap` gives.
 * @param mask As long; not 0 is foreground.
 * @param threshold Another than the mean.
 */
export function compareWithMask(map: Float32Array, mask: Uint8Array, threshold = meanOf(map)): MaskComparison {
  if (map.length !== mask.length) throw new RangeError(`${map.length} scores for ${mask.length} pixels`);
  const counts = { foundFore: 0, missedFore: 0, foundBack: 0, missedBack: 0 };
  for (const [i, score] of map.entries()) {
    const taken = score > threshold;
    if (mask[i] !== 0) counts[taken ? 'foundFore' : 'missedFore']++;
    else counts[taken ? 'missedBack' : 'foundBack']++;
  }
  return { ...counts, averagePrecision: averagePrecision(map, mask) };
}

function meanOf(map: Float32Array): number {
  return map.reduce((sum, score) => sum + score, 0) / map.length;
}

/**
 * Counts the pixels of all clips together; averages precision over the clips. A side that no pixel is on, and none was
 * taken for, counts as right. No clip is kept.
 */
export class MaskAgreementSum {
  readonly #pixels = { foundFore: 0, missedFore: 0, foundBack: 0, missedBack: 0 };
  readonly #precision = { clips: 0, sum: 0 };
  #clips = 0;

  /** How many were added. */
  get clips(): number {
    return this.#clips;
  }

  add({ averagePrecision: precision, ...pixels }: MaskComparison): void {
    this.#clips += 1;
    for (const side of ['foundFore', 'missedFore', 'foundBack', 'missedBack'] as const) {
      this.#pixels[side] += pixels[side];
    }
    if (precision === null) return;
    this.#precision.clips += 1;
    this.#precision.sum += precision;
  }

  agreement(): MaskAgreement {
    const { foundFore, missedFore, foundBack, missedBack } = this.#pixels;
    const wrong = missedFore + missedBack;
    const share = (part: number, whole: number) => (whole === 0 ? 1 : part / whole);
    const { clips, sum } = this.#precision;
    return {
      pixelAccuracy: share(foundFore + foundBack, foundFore + foundBack + wrong),
      meanAccuracy: (share(foundFore, foundFore + missedFore) + share(foundBack, foundBack + missedBack)) / 2,
      meanIou: (share(foundFore, foundFore + wrong) + share(foundBack, foundBack + wrong)) / 2,
      averagePrecision: clips === 0 ? null : sum / clips,
    };
  }
}

export function maskAgreement(clips: readonly MaskComparison[]): MaskAgreement {
  const sum = new MaskAgreementSum();
  for (const clip of clips) sum.add(clip);
  return sum.agreement();
}

/**
 * Average precision of ranking by score, `Σ (recall_n − recall_(n−1)) · precision_n` over the different scores, highest
 * first: equal scores count together, so that their order does not matter.
 *
 * @param mask As long as `scores`; not 0 is what is to be found.
 * @returns 0 … 1; null where there is nothing to be found.
 */
export function averagePrecision(scores: Float32Array, mask: Uint8Array): number | null {
  const positives = mask.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  if (positives === 0) return null;
  const ranked = Uint32Array.from(scores, (_, at) => at).sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  let sum = 0;
  let found = 0;
  let foundBefore = 0;
  for (const [rank, at] of ranked.entries()) {
    if (mask[at] !== 0) found++;
    const next = ranked[rank + 1];
    if (next !== undefined && scores[next] === scores[at]) continue;
    sum += ((found - foundBefore) / positives) * (found / (rank + 1));
    foundBefore = found;
  }
  return sum;
}
