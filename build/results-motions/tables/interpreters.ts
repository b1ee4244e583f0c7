import { z } from 'zod';
import type { InterpreterKind } from '#native-models/bundle/manifest.ts';
import type { EstimatorSettings } from '#native-models/training/policy-estimator.ts';
import { figuresSchema } from '../../results/figures.ts';
import { shortTrainingOf, shortTrainingSchema } from '../../results/short-training.ts';
import { judgeFull } from '../judge-settings.ts';
import type { Measuring } from '../measuring.ts';
import { shortRow, shortRowSchema } from '../short-row.ts';
import { SHORT_TRAINING_NOTE, withShortTraining } from '../short-training.ts';

/** The paper's interpreter, which sees tokens, against one that sees also how they change, after as many steps. */
export const interpretersSchema = z.strictObject({
  table: z.literal('interpreters'),
  notes: z.array(z.string()),
  training: shortTrainingSchema,
  estimator: z.strictObject({ kind: z.literal('gumbel'), temperature: z.number() }),
  reward: z.strictObject({ shape: z.enum(['squared', 'linear']), tau: z.number() }),
  full: figuresSchema,
  rows: z.array(shortRowSchema.extend({ interpreter: z.enum(['token', 'motion-aware']) })).min(1),
});

const KINDS: readonly InterpreterKind[] = ['token', 'motion-aware'];
const ESTIMATOR = { kind: 'gumbel', temperature: 1 } as const satisfies EstimatorSettings;
const REWARD = { shape: 'squared', tau: 1 } as const;

export async function measureInterpreters(measuring: Measuring): Promise<z.infer<typeof interpretersSchema>> {
  const rows: z.infer<typeof interpretersSchema>['rows'] = [];
  for (const interpreter of KINDS) {
    const training = { reward: REWARD, estimator: ESTIMATOR, interpreter };
    const row = await withShortTraining(interpreter, training, measuring, (model) =>
      shortRow(interpreter, model, measuring),
    );
    rows.push({ interpreter, ...row });
  }
  return {
    table: 'interpreters',
    notes: [
      SHORT_TRAINING_NOTE,
      'Both have the same estimator, reward, clips and number of steps.',
      'The backbone was fine-tuned to what the motion-aware interpreter of the bundle keeps.',
      'randomError: the same model when chance keeps as many patches of each clip.',
    ],
    training: shortTrainingOf(measuring),
    estimator: ESTIMATOR,
    reward: REWARD,
    full: await judgeFull(measuring),
    rows,
  };
}
