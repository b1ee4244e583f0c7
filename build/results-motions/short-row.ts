import { z } from 'zod';
import { judgeMaps } from '#engine/evaluation/faithfulness/judge-maps.ts';
import { type MapOutcome, mapResult } from '#engine/evaluation/faithfulness/map-results.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { Selector } from '#native-models/selection/selector.ts';
import { besideChanceSchema, shareSchema } from '../results/figures.ts';
import { judgeSettings } from './judge-settings.ts';
import type { Measuring } from './measuring.ts';
import { testClips } from './test-clips.ts';

/** What an interpreter of a short training is worth. */
export const shortRowSchema = z.strictObject({
  /** With what scores above the threshold. */
  threshold: besideChanceSchema,
  /** With as many patches, those that score highest. */
  keeps: z.array(besideChanceSchema.extend({ keep: shareSchema })).min(1),
  /** Of the scores against the figures' masks: high where the figure is. */
  averagePrecision: z.number().min(0),
});
export type ShortRow = z.infer<typeof shortRowSchema>;

const KEEPS = [0.5, 0.35, 0.2];

/** Judges a model at its threshold, at equal shares of patches, and by the masks. @param name Of the training. */
export async function shortRow(name: string, model: VideoModel, measuring: Measuring): Promise<ShortRow> {
  const threshold = model.bundle.manifest.selection?.threshold ?? 0.5;
  const rules = [
    { kind: 'threshold', threshold } as const,
    ...KEEPS.map((ratio) => ({ kind: 'keep', ratio }) as const),
  ];
  const selectors = rules.map((rule): Selector => ({ name: 'interpreter', rule }));
  const [atThreshold, ...keeps] = await judgeSettings(`judging ${name}`, measuring, { model, selectors });
  if (atThreshold === undefined) throw new Error('The threshold was not judged.');
  return {
    threshold: atThreshold,
    keeps: keeps.map((row, i) => ({ keep: KEEPS[i] ?? 0, ...row })),
    averagePrecision: await interpreterPrecision(`masks of ${name}`, model, measuring),
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
