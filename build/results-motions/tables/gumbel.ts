import { z } from 'zod';
import type { EstimatorSettings } from '#native-models/training/policy-estimator.ts';
import { figuresSchema } from '../../results/figures.ts';
import { shortTrainingOf, shortTrainingSchema } from '../../results/short-training.ts';
import { judgeFull } from '../judge-settings.ts';
import type { Measuring } from '../measuring.ts';
import { shortRow, shortRowSchema } from '../short-row.ts';
import { SHORT_TRAINING_NOTE, withShortTraining } from '../short-training.ts';

/** REINFORCE against the paper's alternative, straight-through Gumbel softmax, after as many steps. */
export const gumbelSchema = z.strictObject({
  table: z.literal('gumbel'),
  notes: z.array(z.string()),
  training: shortTrainingSchema,
  temperature: z.number(),
  reward: z.strictObject({ shape: z.enum(['squared', 'linear']), tau: z.number() }),
  full: figuresSchema,
  rows: z.array(shortRowSchema.extend({ estimator: z.enum(['reinforce', 'gumbel']) })).min(1),
});

const ESTIMATORS: readonly EstimatorSettings['kind'][] = ['reinforce', 'gumbel'];
const TEMPERATURE = 1;
const REWARD = { shape: 'squared', tau: 1 } as const;

export async function measureGumbel(measuring: Measuring): Promise<z.infer<typeof gumbelSchema>> {
  const rows: z.infer<typeof gumbelSchema>['rows'] = [];
  for (const kind of ESTIMATORS) {
    const estimator: EstimatorSettings = kind === 'reinforce' ? { kind } : { kind, temperature: TEMPERATURE };
    const row = await withShortTraining(kind, { reward: REWARD, estimator }, measuring, (model) =>
      shortRow(kind, model, measuring),
    );
    rows.push({ estimator: kind, ...row });
  }
  return {
    table: 'gumbel',
    notes: [
      SHORT_TRAINING_NOTE,
      'Both have the same reward, clips and number of steps. A Gumbel step differentiates the whole backbone and so costs more.',
      'randomError: the same model when chance keeps as many patches of each clip.',
    ],
    training: shortTrainingOf(measuring),
    temperature: TEMPERATURE,
    reward: REWARD,
    full: await judgeFull(measuring),
    rows,
  };
}
