import type { ScoreMapName } from '#contract/score-maps.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { CurveAreas, MapOutcome } from './map-results.ts';
import { compareWithMask } from './mask-agreement.ts';
import { pixelMap } from './pixel-map.ts';
import { type ScoreFaithfulness, scoreFaithfulness } from './score-faithfulness.ts';
import { scoreMaps } from './score-maps.ts';

/** One view whose score maps are to be judged. */
export interface MaskedView {
  /** `[3, frames, side, side]`, normalised. */
  readonly pixels: Float32Array;
  /** `[frames, side, side]`, not 0 where the actor is; null where nobody knows. */
  readonly mask: Uint8Array | null;
  /** Numbers the views, so that chance differs between them and repeats between runs. */
  readonly stream: number;
}

export interface JudgeMapsOptions {
  readonly maps: readonly ScoreMapName[];
  /** Whether curves are wanted: they take 44 views a map. */
  readonly curves: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What came of the maps of one view. */
export interface JudgedMaps {
  /** Class of the whole view, which the curves are about; null without curves. */
  readonly predicted: number | null;
  readonly maps: ReadonlyMap<ScoreMapName, MapOutcome>;
}

/**
 * Judges score maps of one view by what the model answers without their patches, and by its mask.
 *
 * @throws SelectorUnavailableError when the model has no interpreter and its map is wanted.
 * @throws what inference throws; the signal's reason
 */
export async function judgeMaps(
  model: VideoModel,
  { pixels, mask, stream }: MaskedView,
  { maps: wanted, curves, signal }: JudgeMapsOptions,
): Promise<JudgedMaps> {
  const { numFrames, imageSize } = model.config;
  const scored = await scoreMaps(model, pixels, { maps: wanted, stream, signal });
  const judged = curves ? await scoreFaithfulness(model, pixels, scored, signal) : null;
  const maps = new Map<ScoreMapName, MapOutcome>();
  for (const [name, scores] of scored) {
    const faithfulness = judged?.get(name);
    maps.set(name, {
      areas: faithfulness === undefined ? null : areasOf(faithfulness),
      mask: mask === null ? null : compareWithMask(pixelMap(scores, numFrames, imageSize), mask),
    });
  }
  return { predicted: judged?.values().next().value?.predicted ?? null, maps };
}

function areasOf({ deletion, insertion }: ScoreFaithfulness): CurveAreas {
  return {
    deletion: { zero: deletion.zero.auc, blur: deletion.blur.auc },
    insertion: { zero: insertion.zero.auc, blur: insertion.blur.auc },
  };
}
