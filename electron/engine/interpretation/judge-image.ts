import { softmax } from '../analysis/predictions.ts';
import type { CurveAreas } from '../evaluation/faithfulness/map-results.ts';
import { compareWithMask, type MaskComparison } from '../evaluation/faithfulness/mask-agreement.ts';
import { interpolated } from '../evaluation/faithfulness/pixel-map.ts';
import { judgeByPerturbation } from '../evaluation/faithfulness/score-faithfulness.ts';
import type { ImageEngine } from './image-engine.ts';
import type { InterpretedImage } from './interpret-image.ts';
import { otsuThreshold } from './otsu.ts';

/** What came of one map of one image; null where it was not judged that way. */
export interface JudgedMap {
  /** The map held against the mask, above its mean and above Otsu's threshold. */
  readonly mask: { readonly mean: MaskComparison; readonly otsu: MaskComparison } | null;
  readonly curves: CurveAreas | null;
}

export interface JudgeImageOptions {
  /** `[side, side]` of what the model saw, not 0 where the object is; null where nobody knows. */
  readonly mask: Uint8Array | null;
  /** Whether curves are wanted: they take 44 runs of the whole model a map. */
  readonly curves: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Judges the maps of an image: as weakly supervised segmentation (IA-RED², section 4.3), and by what the whole model answers
 * when patches are taken away or given back in their order.
 *
 * @throws what inference throws, the signal's reason
 */
export async function judgeImage(
  { model }: ImageEngine,
  { view, maps }: Pick<InterpretedImage, 'view' | 'maps'>,
  { mask, curves, signal }: JudgeImageOptions,
): Promise<ReadonlyMap<string, JudgedMap>> {
  const { imageSize: side, patchSize } = model.config;
  const across = side / patchSize;
  const byPatch = new Map([...maps].map(([name, map]) => [name, interpolated(map, across, across)]));
  const classify = async (pixels: Float32Array) => softmax(await model.classify(pixels, signal));
  const grid = { frames: 1, side, patchSize };
  const judged = curves ? await judgeByPerturbation({ pixels: view.tensor, grid, classify }, byPatch) : null;
  return new Map(
    [...maps].map(([name, map]): [string, JudgedMap] => {
      const pixels = mask === null ? null : interpolated(map, side, side);
      const areas = judged?.get(name);
      return [
        name,
        {
          mask:
            mask === null || pixels === null
              ? null
              : { mean: compareWithMask(pixels, mask), otsu: compareWithMask(pixels, mask, otsuThreshold(pixels)) },
          curves:
            areas === undefined
              ? null
              : {
                  deletion: { zero: areas.deletion.zero.auc, blur: areas.deletion.blur.auc },
                  insertion: { zero: areas.insertion.zero.auc, blur: areas.insertion.blur.auc },
                },
        },
      ];
    }),
  );
}
