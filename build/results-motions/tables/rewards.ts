import { z } from 'zod';
import type { RewardShape } from '#native-models/training/reward.ts';
import { besideChanceSchema, figuresSchema } from '../../results/figures.ts';
import { shortTrainingOf, shortTrainingSchema } from '../../results/short-training.ts';
import { judgeFull, judgeSettings } from '../judge-settings.ts';
import type { Measuring } from '../measuring.ts';
import { SHORT_TRAINING_NOTE, withShortTraining } from '../short-training.ts';

/** The paper's table 3: what the price of a wrong answer and the shape of the reward do. */
export const rewardsSchema = z.strictObject({
  table: z.literal('rewards'),
  notes: z.array(z.string()),
  training: shortTrainingSchema,
  full: figuresSchema,
  rows: z.array(besideChanceSchema.extend({ shape: z.enum(['squared', 'linear']), tau: z.number() })).min(1),
});

const SHAPES: readonly RewardShape[] = ['squared', 'linear'];
const TAUS = [0.5, 1, 1.5];

export async function measureRewards(measuring: Measuring): Promise<z.infer<typeof rewardsSchema>> {
  const rows: z.infer<typeof rewardsSchema>['rows'] = [];
  for (const shape of SHAPES) {
    for (const tau of TAUS) {
      const name = `${shape}-tau-${tau}`;
      const [row] = await withShortTraining(name, { reward: { shape, tau } }, measuring, (model) => {
        const threshold = model.bundle.manifest.selection?.threshold ?? 0.5;
        const selectors = [{ name: 'interpreter', rule: { kind: 'threshold', threshold } } as const];
        return judgeSettings(`judging ${name}`, measuring, { model, selectors });
      });
      if (row !== undefined) rows.push({ shape, tau, ...row });
    }
  }
  return {
    table: 'rewards',
    notes: [SHORT_TRAINING_NOTE, 'randomError: the same model when chance keeps as many patches of each clip.'],
    training: shortTrainingOf(measuring),
    full: await judgeFull(measuring),
    rows,
  };
}
