import { z } from 'zod';
import { availableMaps } from '#engine/analysis/score-map.ts';
import { judgeMaps } from '#engine/evaluation/faithfulness/judge-maps.ts';
import { curveAreasSchema, type MapOutcome, mapResult } from '#engine/evaluation/faithfulness/map-results.ts';
import { shareSchema } from '../../results/figures.ts';
import { meanOf } from '../../results/statistics.ts';
import type { Measuring } from '../measuring.ts';
import { testClips } from '../test-clips.ts';

/** How score maps agree with the figures' masks, and how faithful they are to the model. */
export const masksSchema = z.strictObject({
  table: z.literal('masks'),
  notes: z.array(z.string()),
  /** Clips that have curves: the first. */
  curveClips: z.int().min(1),
  /** Share of the pixels that the figure takes: the average precision of a map that says nothing. */
  foreground: shareSchema,
  maps: z
    .array(
      curveAreasSchema.extend({
        map: z.string(),
        pixelAccuracy: shareSchema,
        meanAccuracy: shareSchema,
        meanIou: shareSchema,
        averagePrecision: z.number().min(0),
      }),
    )
    .min(1),
});

/** What random maps are drawn from, unless another seed is asked for. */
export const MAP_SEED = 0;

export async function measureMasks(measuring: Measuring): Promise<z.infer<typeof masksSchema>> {
  const { model, bundle, curveClips, clips, signal } = measuring;
  const maps = availableMaps(bundle.manifest);
  const outcomes = new Map(maps.map((map) => [map, [] as MapOutcome[]]));
  const foregrounds: number[] = [];
  for (const { index, pixels, mask } of testClips('score maps', measuring)) {
    foregrounds.push(mask.reduce((sum, pixel) => sum + pixel, 0) / mask.length);
    const curves = index < curveClips;
    const judged = await judgeMaps(model, { pixels, mask, stream: index }, { maps, curves, signal });
    for (const [map, outcome] of judged.maps) outcomes.get(map)?.push(outcome);
  }
  return {
    table: 'masks',
    notes: [
      'Maps are interpolated to pixels; foreground is what is above the mean of the clip. Average precision needs no threshold.',
      'Deletion takes patches away, the highest score first, and insertion gives them back: the areas are those under the probability of the class that the full model predicts, over the share of patches. zero: removed patches are grey; blur: they are blurred.',
      'The interpreter is one layer before the first block; attention rollout needs all blocks, and saliency the first.',
    ],
    curveClips: Math.min(curveClips, clips),
    foreground: meanOf(foregrounds),
    maps: maps.map((map) => {
      const { areas, agreement } = mapResult(outcomes.get(map) ?? []);
      if (areas === null || agreement === null || agreement.averagePrecision === null) {
        throw new Error(`The map of ${map} was not judged.`);
      }
      const { pixelAccuracy, meanAccuracy, meanIou, averagePrecision } = agreement;
      const { deletion, insertion } = areas;
      return { map, pixelAccuracy, meanAccuracy, meanIou, averagePrecision, deletion, insertion };
    }),
  };
}
