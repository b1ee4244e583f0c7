import type { VideoModel } from '#native-models/runtime/video-model.ts';
import { type MapResult, MapTally } from './map-tally.ts';
import { pixelMap } from './pixel-map.ts';
import { scoreFaithfulness } from './score-faithfulness.ts';
import { type ScoreMapName, scoreMaps } from './score-maps.ts';

/** One view whose score maps are to be judged. */
export interface MaskedView {
  /** `[3, frames, side, side]`, normalised. */
  readonly pixels: Float32Array;
  /** `[frames, side, side]`, not 0 where the actor is; null where nobody knows. */
  readonly mask: Uint8Array | null;
}

export interface JudgeMapsOptions {
  /** So many views, the first, get curves, which take 44 views a map; all of them when left out. */
  readonly curveViews?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What judging says while it runs: progress after each view, then done. */
export type MapEvent =
  | { readonly type: 'progress'; readonly viewsDone: number }
  | { readonly type: 'done'; readonly results: ReadonlyMap<ScoreMapName, MapResult> };

/**
 * Judges every kind of score map that a model has on the same views: by what the model answers without their patches, and
 * by masks. Memory does not grow with the views, which are taken one by one.
 *
 * @throws what inference throws; the signal's reason
 */
export async function* judgeMaps(
  views: Iterable<MaskedView> | AsyncIterable<MaskedView>,
  model: VideoModel,
  { curveViews = Number.POSITIVE_INFINITY, signal }: JudgeMapsOptions = {},
): AsyncGenerator<MapEvent, void, undefined> {
  const { numFrames, imageSize } = model.config;
  const tallies = new Map<ScoreMapName, MapTally>();
  let viewsDone = 0;
  for await (const { pixels, mask } of views) {
    signal?.throwIfAborted();
    const maps = await scoreMaps(model, pixels, viewsDone, signal);
    const curves = viewsDone < curveViews ? await scoreFaithfulness(model, pixels, maps, signal) : null;
    for (const [name, scores] of maps) {
      const tally = tallies.get(name) ?? new MapTally();
      tallies.set(name, tally);
      const curve = curves?.get(name);
      if (curve !== undefined) tally.addCurves(curve);
      if (mask !== null) tally.addMask(pixelMap(scores, numFrames, imageSize), mask);
    }
    viewsDone++;
    yield { type: 'progress', viewsDone };
  }
  yield { type: 'done', results: new Map([...tallies].map(([name, tally]) => [name, tally.result()])) };
}
