import { z } from 'zod';
import type { EstimatorSettings } from '#native-models/training/policy-estimator.ts';
import { shortTrainingOf, shortTrainingSchema } from '../../results/short-training.ts';
import type { Measuring } from '../measuring.ts';
import { SHORT_TRAINING_NOTE, shortRowSchema, shortTraining } from '../short-training.ts';

/** REINFORCE against the paper's alternative, straight-through Gumbel softmax, after as many steps. */
export const gumbelSchema = z.strictObject({
  table: z.literal('gumbel'),
  notes: z.array(z.string()),
  training: shortTrainingSchema,
  reward: z.strictObject({ shape: z.enum(['squared', 'linear']), tau: z.number() }),
  rows: z.array(shortRowSchema.extend({ estimator: z.enum(['reinforce', 'gumbel']), learningRate: z.number() })).min(1),
});

/** REINFORCE goes astray at the rate that suits Gumbel, and is slow at the rate that suits it. */
const WAYS: readonly { readonly estimator: EstimatorSettings; readonly rate: number }[] = [
  { estimator: { kind: 'gumbel', temperature: 1 }, rate: 1 },
  { estimator: { kind: 'reinforce' }, rate: 1 },
  { estimator: { kind: 'reinforce' }, rate: 1 / 6 },
];
const REWARD = { shape: 'squared', tau: 1 } as const;

export async function measureGumbel(measuring: Measuring): Promise<z.infer<typeof gumbelSchema>> {
  const rows: z.infer<typeof gumbelSchema>['rows'] = [];
  for (const { estimator, rate } of WAYS) {
    const learningRate = rate * measuring.learningRate;
    const row = await shortTraining(estimator.kind, { reward: REWARD, estimator }, { ...measuring, learningRate });
    rows.push({ estimator: estimator.kind, learningRate, ...row });
  }
  return {
    table: 'gumbel',
    notes: [
      SHORT_TRAINING_NOTE,
      'All have the same reward, images and number of steps. A Gumbel step differentiates the backbone and so costs more.',
    ],
    training: shortTrainingOf(measuring),
    reward: REWARD,
    rows,
  };
}
