import { z } from 'zod';
import { besideChanceSchema, FiguresTally, figuresSchema } from '../../results/figures.ts';
import { again, asManyByChance, atThreshold, judgeFull, judgeSelected, warmUp } from '../judge-image.ts';
import type { Measuring } from '../measuring.ts';
import { testImages } from '../test-images.ts';

/** The paper's table 2: error and computation over the interpreters' threshold. */
export const thresholdsSchema = z.strictObject({
  table: z.literal('thresholds'),
  notes: z.array(z.string()),
  /** What the bundle uses unless asked otherwise. */
  ownThreshold: z.number(),
  full: figuresSchema,
  rows: z
    .array(
      besideChanceSchema.extend({
        threshold: z.number(),
        /** Of all patches, what each group sees. */
        keepRatios: z.array(z.number().min(0).max(1)),
        /** How many times as many images a second as with every patch. */
        speedUp: z.number().min(0),
      }),
    )
    .min(1),
});

/** Densest about the threshold that policies are trained for. */
const THRESHOLDS = [0.2, 0.3, 0.35, 0.4, 0.45, 0.48, 0.5, 0.52, 0.55, 0.6, 0.7];
export const CHANCE_SEED = 1;

export async function measureThresholds(measuring: Measuring): Promise<z.infer<typeof thresholdsSchema>> {
  const { model, selection } = measuring;
  const tokens = model.patchCount;
  const full = new FiguresTally();
  const thresholds = [...new Set([...THRESHOLDS, selection.threshold])].sort((a, b) => a - b);
  const rows = thresholds.map((threshold) => ({
    threshold,
    own: new FiguresTally(),
    chance: new FiguresTally(),
    kept: selection.groups.map(() => 0),
  }));
  await warmUp(measuring);
  for (const image of testImages('thresholds', measuring)) {
    full.add(await again(() => judgeFull(measuring, image)), image.label);
    for (const { threshold, own, chance, kept } of rows) {
      const judged = await again(() => judgeSelected(measuring, image, atThreshold(measuring, threshold)));
      own.add(judged, image.label);
      judged.kept.forEach((count, group) => {
        kept[group] = (kept[group] ?? 0) + count;
      });
      const twin = await judgeSelected(measuring, image, asManyByChance(measuring, judged.kept, CHANCE_SEED));
      chance.add(twin, image.label);
    }
  }
  const whole = full.figures(tokens);
  return {
    table: 'thresholds',
    notes: [
      'One threshold for all interpreters. keepRatio is the mean over the blocks, keepRatios what each group sees.',
      'randomError: the same model when chance keeps as many patches of each image in each group.',
      'Full model and selections are timed in turn, image by image, one image at a time, each a second time after a first that is not timed.',
    ],
    ownThreshold: selection.threshold,
    full: whole,
    rows: rows.map(({ threshold, own, chance, kept }) => {
      const figures = own.figures(tokens);
      return {
        threshold,
        ...figures,
        randomError: chance.figures(tokens).error,
        keepRatios: kept.map((count) => count / (measuring.images * tokens)),
        speedUp: figures.viewsPerSecond / whole.viewsPerSecond,
      };
    }),
  };
}
