import { z } from 'zod';
import { mostProbable, softmax } from '#engine/analysis/predictions.ts';
import { compareWithMask, type MaskComparison, maskAgreement } from '#engine/evaluation/faithfulness/mask-agreement.ts';
import { interpolated } from '#engine/evaluation/faithfulness/pixel-map.ts';
import { imageMap } from '#engine/interpretation/image-map.ts';
import { type ImageMapName, interpreterMaps } from '#engine/interpretation/map-names.ts';
import { otsuThreshold } from '#engine/interpretation/otsu.ts';
import { ImageHeatMaps } from '#native-models/heat-maps/image-heat-maps.ts';
import { ImageRun } from '#native-models/runtime/image-run.ts';
import { atThreshold } from '../judge-image.ts';
import type { Measuring } from '../measuring.ts';
import { testImages } from '../test-images.ts';

const share = z.number().min(0).max(1);
const agreementSchema = z.strictObject({ pixelAccuracy: share, meanAccuracy: share, meanIou: share });

/** The contest of heat maps as weakly supervised segmentation (IA-RED², section 4.3). */
export const mapsSchema = z.strictObject({
  table: z.literal('maps'),
  notes: z.array(z.string()),
  rows: z
    .array(
      z.strictObject({
        map: z.string(),
        /** Foreground is what is above the mean of the map. */
        mean: agreementSchema,
        /** Foreground is what is above Otsu's threshold of the map. */
        otsu: agreementSchema,
        averagePrecision: share,
      }),
    )
    .min(1),
});

const METHODS = ['attention', 'attention-rollout', 'attention-gradient', 'input-gradient', 'random'] as const;

/** Of the map that is chance: what `imageMap` draws it with. */
export const MAP_SEED = 0;

interface Held {
  readonly mean: MaskComparison;
  readonly otsu: MaskComparison;
}

export async function measureMaps(measuring: Measuring): Promise<z.infer<typeof mapsSchema>> {
  const { model, runtime, bundle, selection, signal } = measuring;
  const engine = { model, runtime, heatMaps: new ImageHeatMaps(model, runtime) };
  const names: readonly ImageMapName[] = [...interpreterMaps(bundle.manifest), ...METHODS];
  const held = new Map(names.map((name): [ImageMapName, Held[]] => [name, []]));
  const side = model.config.imageSize;
  for (const { index, pixels: image, mask } of testImages('heat maps', measuring)) {
    const run = await ImageRun.begin(model, image, signal, index);
    const { groups, logits } = await run.select(atThreshold(measuring, selection.threshold), signal);
    const explained = { image, wanted: mostProbable(softmax(logits)), groups, stream: index };
    for (const [name, comparisons] of held) {
      const map = interpolated(await imageMap(engine, name, explained, signal), side, side);
      comparisons.push({
        mean: compareWithMask(map, mask),
        otsu: compareWithMask(map, mask, otsuThreshold(map)),
      });
    }
  }
  return {
    table: 'maps',
    notes: [
      'interpreter-N: scores of the interpreter of group N, 0 for patches that were dropped before. attention: of CLS in the second block, as in the paper. random: one number a patch.',
      'Maps are brought to the size of the image bilinearly; pixels of all images count together.',
    ],
    rows: [...held].map(([map, comparisons]) => {
      const { averagePrecision, ...mean } = maskAgreement(comparisons.map((each) => each.mean));
      const { averagePrecision: _, ...otsu } = maskAgreement(comparisons.map((each) => each.otsu));
      return { map, mean, otsu, averagePrecision: averagePrecision ?? 0 };
    }),
  };
}
