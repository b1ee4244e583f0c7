import { z } from 'zod';
import { mostProbable } from '#engine/analysis/predictions.ts';
import type { JudgedView } from '#engine/evaluation/judge-clip.ts';

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

/** Sums up what became of clips under one setting. */
export class FiguresTally {
  /** For each clip whether it was taken for another class. */
  readonly wrong: boolean[] = [];
  #kept = 0;
  #gmacs = 0;
  #milliseconds = 0;

  add({ probabilities, keptTokens, gmacs, inferenceMs }: JudgedView, label: number): void {
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
