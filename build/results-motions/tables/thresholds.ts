import { z } from 'zod';
import type { Selector } from '#native-models/selection/selector.ts';
import { besideChanceSchema, figuresSchema } from '../../results/figures.ts';
import { FullModel, judgeSettings } from '../judge-settings.ts';
import type { Measuring } from '../measuring.ts';

/** The paper's table 2: error and computation over the interpreter's threshold. */
export const thresholdsSchema = z.strictObject({
  table: z.literal('thresholds'),
  notes: z.array(z.string()),
  /** What the bundle uses unless asked otherwise. */
  ownThreshold: z.number(),
  full: figuresSchema,
  rows: z.array(besideChanceSchema.extend({ threshold: z.number() })).min(1),
});

/** Densest about the threshold that policies are trained for. */
const THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.45, 0.48, 0.5, 0.52, 0.55, 0.6, 0.7, 0.8, 0.9];

export async function measureThresholds(measuring: Measuring): Promise<z.infer<typeof thresholdsSchema>> {
  const { model, signal } = measuring;
  const selectors = THRESHOLDS.map(
    (threshold): Selector => ({ name: 'interpreter', rule: { kind: 'threshold', threshold } }),
  );
  const full = await FullModel.of(measuring);
  const settings = await judgeSettings('thresholds', measuring, { model, selectors }, (clip) =>
    full.judge(clip, signal),
  );
  return {
    table: 'thresholds',
    notes: [
      'One view a clip: the whole picture.',
      'randomError: the same model when chance keeps as many patches of each clip.',
    ],
    ownThreshold: model.bundle.manifest.selection?.threshold ?? 0.5,
    full: full.figures,
    rows: settings.map((row, i) => ({ threshold: THRESHOLDS[i] ?? 0, ...row })),
  };
}
