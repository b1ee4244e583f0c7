import { z } from 'zod';
import type { RewardShape } from '#native-models/training/reward.ts';
import { shortTrainingOf, shortTrainingSchema } from '../../results/short-training.ts';
import type { Measuring } from '../measuring.ts';
import { SHORT_TRAINING_NOTE, shortRowSchema, shortTraining } from '../short-training.ts';

/** The paper's table 3: what the price of a wrong answer and the shape of the reward do. */
export const rewardsSchema = z.strictObject({
  table: z.literal('rewards'),
  notes: z.array(z.string()),
  training: shortTrainingSchema,
  rows: z.array(shortRowSchema.extend({ shape: z.enum(['squared', 'linear']), tau: z.number() })).min(1),
});

const SHAPES: readonly RewardShape[] = ['squared', 'linear'];
const TAUS = [0.5, 1, 1.5];

export async function measureRewards(measuring: Measuring): Promise<z.infer<typeof rewardsSchema>> {
  const rows: z.infer<typeof rewardsSchema>['rows'] = [];
  for (const shape of SHAPES) {
    for (const tau of TAUS) {
      const estimator = { kind: 'gumbel', temperature: 1 } as const;
      const row = await shortTraining(`${shape}-tau-${tau}`, { reward: { shape, tau }, estimator }, measuring);
      rows.push({ shape, tau, ...row });
    }
  }
  const notes = [SHORT_TRAINING_NOTE, 'By straight-through Gumbel, temperature 1.'];
  return { table: 'rewards', notes, training: shortTrainingOf(measuring), rows };
}
