import { z } from 'zod';
import { judgeView } from '#engine/evaluation/judge-clip.ts';
import type { Selector } from '#native-models/selection/selector.ts';
import { FiguresTally, figuresSchema, gapBetween, RANDOM_SEEDS, shareSchema } from '../../results/figures.ts';
import { deviationOf, meanOf } from '../../results/statistics.ts';
import { FullModel, warmUp } from '../judge-settings.ts';
import type { Measuring } from '../measuring.ts';
import { testClips } from '../test-clips.ts';

/** The paper's table 1: learned against random dropping of as many patches. */
export const randomSchema = z.strictObject({
  table: z.literal('random'),
  notes: z.array(z.string()),
  full: figuresSchema,
  rows: z
    .array(
      z.strictObject({
        /** Share of the patches that both keep. */
        keep: shareSchema,
        learned: figuresSchema,
        random: z.array(z.strictObject({ seed: z.int(), error: shareSchema })).min(2),
        randomMean: shareSchema,
        /** Standard deviation between the seeds. */
        randomDeviation: z.number().min(0),
        /** Mean error of random dropping less that of the learned, and the standard error of it over the clips. */
        gap: z.number(),
        gapStandardError: z.number().min(0),
      }),
    )
    .min(1),
});

const KEEPS = [0.5, 0.35, 0.2];

export async function measureRandom(measuring: Measuring): Promise<z.infer<typeof randomSchema>> {
  const { model, signal } = measuring;
  const tokens = model.tokenCount;
  const rows = KEEPS.map((ratio) => {
    const rule = { kind: 'keep', ratio } as const;
    const selectors: Selector[] = [
      { name: 'interpreter', rule },
      ...RANDOM_SEEDS.map((seed): Selector => ({ name: 'random', seed, rule })),
    ];
    return { keep: ratio, selectors, tallies: selectors.map(() => new FiguresTally()) };
  });
  const selectors = rows.flatMap((row) => row.selectors);
  const tallies = rows.flatMap((row) => row.tallies);
  const full = await FullModel.of(measuring);
  await warmUp(model, selectors, signal);
  for (const clip of testClips('learned and random', measuring)) {
    await full.judge(clip, signal);
    const views = await judgeView(model, clip.pixels, clip.index, selectors, signal);
    for (const [i, view] of views.entries()) tallies[i]?.add(view, clip.label);
  }
  return {
    table: 'random',
    notes: [
      'One view a clip: the whole picture. Both keep the same number of patches of every clip: the learned those that the interpreter scores highest, random dropping any.',
      'The seeds are those of random dropping; the interpreter is one, and there is no chance in what it keeps.',
    ],
    full: full.figures,
    rows: rows.map(({ keep, tallies: [learned = new FiguresTally(), ...random] }) => {
      const errors = random.map((tally) => tally.figures(tokens).error);
      return {
        keep,
        learned: learned.figures(tokens),
        random: errors.map((error, i) => ({ seed: RANDOM_SEEDS[i] ?? 0, error })),
        randomMean: meanOf(errors),
        randomDeviation: deviationOf(errors),
        ...gapBetween(learned, random),
      };
    }),
  };
}
