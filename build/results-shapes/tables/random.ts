import { z } from 'zod';
import { FiguresTally, figuresSchema, gapBetween, RANDOM_SEEDS, shareSchema } from '../../results/figures.ts';
import { deviationOf, meanOf } from '../../results/statistics.ts';
import { asManyByChance, atThreshold, judgeFull, judgeSelected, warmUp } from '../judge-image.ts';
import type { Measuring } from '../measuring.ts';
import { testImages } from '../test-images.ts';

/** The paper's table 1: learned against random dropping of as many patches. */
export const randomSchema = z.strictObject({
  table: z.literal('random'),
  notes: z.array(z.string()),
  full: figuresSchema,
  rows: z
    .array(
      z.strictObject({
        threshold: z.number(),
        learned: figuresSchema,
        random: z.array(z.strictObject({ seed: z.int(), error: shareSchema })).min(2),
        randomMean: shareSchema,
        /** Standard deviation between the seeds. */
        randomDeviation: z.number().min(0),
        /** Mean error of random dropping less that of the learned, and the standard error of it over the images. */
        gap: z.number(),
        gapStandardError: z.number().min(0),
      }),
    )
    .min(1),
});

export async function measureRandom(measuring: Measuring): Promise<z.infer<typeof randomSchema>> {
  const { model, selection } = measuring;
  const tokens = model.patchCount;
  const full = new FiguresTally();
  const rows = [...new Set([selection.threshold, 0.5, 0.55])].map((threshold) => ({
    threshold,
    learned: new FiguresTally(),
    random: RANDOM_SEEDS.map(() => new FiguresTally()),
  }));
  await warmUp(measuring);
  for (const image of testImages('learned and random', measuring)) {
    full.add(await judgeFull(measuring, image), image.label);
    for (const { threshold, learned, random } of rows) {
      const judged = await judgeSelected(measuring, image, atThreshold(measuring, threshold));
      learned.add(judged, image.label);
      for (const [i, tally] of random.entries()) {
        const twin = asManyByChance(measuring, judged.kept, RANDOM_SEEDS[i] ?? 0);
        tally.add(await judgeSelected(measuring, image, twin), image.label);
      }
    }
  }
  return {
    table: 'random',
    notes: [
      'Both keep the same number of patches of every image in every group: the learned those that score above the threshold, random dropping any.',
      'The seeds are those of random dropping; the interpreters are the same, and there is no chance in what they keep.',
    ],
    full: full.figures(tokens),
    rows: rows.map(({ threshold, learned, random }) => {
      const errors = random.map((tally) => tally.figures(tokens).error);
      return {
        threshold,
        learned: learned.figures(tokens),
        random: errors.map((error, i) => ({ seed: RANDOM_SEEDS[i] ?? 0, error })),
        randomMean: meanOf(errors),
        randomDeviation: deviationOf(errors),
        ...gapBetween(learned, random),
      };
    }),
  };
}
