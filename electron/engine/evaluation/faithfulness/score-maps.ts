import type { ScoreMapName } from '#contract/score-maps.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import { scoreMap } from '../../analysis/score-map.ts';

export interface ScoreMapsOptions {
  /** Which are wanted; each of those that the model has. */
  readonly maps: readonly ScoreMapName[];
  /** Numbers the views, so that chance differs between them. */
  readonly stream: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Score maps of one view, each `[patches·frames]`, patch-major.
 *
 * @param pixels `[3, frames, side, side]`, normalised.
 * @throws SelectorUnavailableError when the model has no interpreter and its map is wanted.
 */
export async function scoreMaps(
  model: VideoModel,
  pixels: Float32Array,
  { maps: wanted, stream, signal }: ScoreMapsOptions,
): Promise<ReadonlyMap<ScoreMapName, Float32Array>> {
  const embedded = await model.embed(pixels, signal);
  const maps = new Map<ScoreMapName, Float32Array>();
  for (const name of wanted) maps.set(name, await scoreMap(model, name, { pixels, embedded, stream }, signal));
  return maps;
}
