import { z } from 'zod';
import { judgeMaps } from '#engine/evaluation/faithfulness/judge-maps.ts';
import { type MapOutcome, mapResult } from '#engine/evaluation/faithfulness/map-results.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { Selector } from '#native-models/selection/selector.ts';
import type { EstimatorSettings } from '#native-models/training/policy-estimator.ts';
import { figuresSchema, shareSchema } from '../figures.ts';
import { besideChanceSchema, judgeFull, judgeSettings } from '../judge-settings.ts';
import type { Measuring } from '../measuring.ts';
import { SHORT_TRAINING_NOTE, shortTrainingOf, shortTrainingSchema, withShortTraining } from '../short-training.ts';
import { testClips } from '../test-clips.ts';

/** REINFORCE against the paper's alternative, straight-through Gumbel softmax, after as many steps. */
export const gumbelSchema = z.strictObject({
  table: z.literal('gumbel'),
  notes: z.array(z.string()),
  training: shortTrainingSchema,
  temperature: z.number(),
  reward: z.strictObject({ shape: z.enum(['squared', 'linear']), tau: z.number() }),
  full: figuresSchema,
  rows: z
    .array(
      z.strictObject({
        estimator: z.enum(['reinforce', 'gumbel']),
        /** With what scores above the threshold. */
        threshold: besideChanceSchema,
        /** With as many patches, those that score highest. */
        keeps: z.array(besideChanceSchema.extend({ keep: shareSchema })).min(1),
        /** Of the scores against the figures' masks: high where the figure is. */
        averagePrecision: z.number().min(0),
      }),
    )
    .min(1),
});

const ESTIMATORS: readonly EstimatorSettings['kind'][] = ['reinforce', 'gumbel'];
const TEMPERATURE = 1;
const REWARD = { shape: 'squared', tau: 1 } as const;
const KEEPS = [0.5, 0.35, 0.2];

export async function measureGumbel(measuring: Measuring): Promise<z.infer<typeof gumbelSchema>> {
  const rows: z.infer<typeof gumbelSchema>['rows'] = [];
  for (const kind of ESTIMATORS) {
    const estimator: EstimatorSettings = kind === 'reinforce' ? { kind } : { kind, temperature: TEMPERATURE };
    rows.push(
      await withShortTraining(kind, { reward: REWARD, estimator }, measuring, async (model) => {
        const threshold = model.bundle.manifest.selection?.threshold ?? 0.5;
        const rules = [
          { kind: 'threshold', threshold } as const,
          ...KEEPS.map((ratio) => ({ kind: 'keep', ratio }) as const),
        ];
        const selectors = rules.map((rule): Selector => ({ name: 'interpreter', rule }));
        const [atThreshold, ...keeps] = await judgeSettings(`judging ${kind}`, measuring, { model, selectors });
        if (atThreshold === undefined) throw new Error('The threshold was not judged.');
        return {
          estimator: kind,
          threshold: atThreshold,
          keeps: keeps.map((row, i) => ({ keep: KEEPS[i] ?? 0, ...row })),
          averagePrecision: await interpreterPrecision(`masks of ${kind}`, model, measuring),
        };
      }),
    );
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

async function interpreterPrecision(work: string, model: VideoModel, measuring: Measuring): Promise<number> {
  const outcomes: MapOutcome[] = [];
  for (const { index, pixels, mask } of testClips(work, measuring)) {
    const settings = { maps: ['interpreter'], curves: false, signal: measuring.signal } as const;
    const { maps } = await judgeMaps(model, { pixels, mask, stream: index }, settings);
    outcomes.push(...maps.values());
  }
  return mapResult(outcomes).agreement?.averagePrecision ?? 0;
}
