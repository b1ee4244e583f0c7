import { z } from 'zod';
import { mostProbable } from '#engine/analysis/predictions.ts';
import type { JudgedView } from '#engine/evaluation/judge-clip.ts';
import { deviationOf, meanOf } from './statistics.ts';

export const shareSchema = z.number().min(0).max(1);

/** What one setting comes to over the clips, one view each. */
export const figuresSchema = z.strictObject({
  /** Share of the clips that are taken for another class. */
  error: shareSchema,
  /** Kept patch tokens, of all. */
  keepRatio: shareSchema,
  /** 10⁹ multiply-accumulates of a view, mean. */
  gmacs: z.number().min(0),
  /** Stem, selection and trunk; drawing the clip is not in it. */
  viewsPerSecond: z.number().min(0),
});
export type Figures = z.infer<typeof figuresSchema>;

/** One way of selection, and what chance makes of as many patches of each clip or image. */
export const besideChanceSchema = figuresSchema.extend({ randomError: shareSchema });
export type BesideChance = z.infer<typeof besideChanceSchema>;

/** What a choice of patches makes of a view or an image. */
export type Outcome = Pick<JudgedView, 'probabilities' | 'keptTokens' | 'gmacs' | 'inferenceMs'>;

/** Sums up what became of clips under one setting. */
export class FiguresTally {
  /** For each clip whether it was taken for another class. */
  readonly wrong: boolean[] = [];
  #kept = 0;
  #gmacs = 0;
  #milliseconds = 0;

  add({ probabilities, keptTokens, gmacs, inferenceMs }: Outcome, label: number): void {
    this.wrong.push(mostProbable(probabilities) !== label);
    this.#kept += keptTokens;
    this.#gmacs += gmacs;
    this.#milliseconds += inferenceMs;
  }

  /** @param tokens Patch tokens of a view. */
  figures(tokens: number): Figures {
    const clips = this.wrong.length;
    return {
      error: this.wrong.filter((wrong) => wrong).length / clips,
      keepRatio: this.#kept / (clips * tokens),
      gmacs: this.#gmacs / clips,
      viewsPerSecond: (1000 * clips) / this.#milliseconds,
    };
  }
}

/** Of the random dropping that learned dropping is held against. */
export const RANDOM_SEEDS: readonly number[] = [1, 2, 3, 4];

/** How many more random dropping gets wrong: one by one, so that what makes clips or images hard for both does not count. */
export function gapBetween(learned: FiguresTally, random: readonly FiguresTally[]) {
  const gaps = learned.wrong.map((wrong, i) => meanOf(random.map((tally) => Number(tally.wrong[i]))) - Number(wrong));
  return { gap: meanOf(gaps), gapStandardError: deviationOf(gaps) / Math.sqrt(gaps.length) };
}
