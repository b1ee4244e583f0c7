import type { VideoModel } from '#native-models/runtime/video-model.ts';
import { availableSelectors, resolveSelector, type SelectorName } from '#native-models/selection/selector.ts';
import { chooseTokens } from '../../analysis/choose-tokens.ts';

/** Selectors that score tokens. */
export type ScoringSelector = Exclude<SelectorName, 'full'>;

/**
 * The score maps of one view by every selector that the model can run, each `[patches·frames]`, patch-major.
 *
 * @param pixels `[3, frames, side, side]`, normalised.
 * @param stream Numbers the views, so that chance differs between them.
 */
export async function scoreMaps(
  model: VideoModel,
  pixels: Float32Array,
  stream: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<ScoringSelector, Float32Array>> {
  const { manifest } = model.bundle;
  const embedded = await model.embed(pixels, signal);
  const maps = new Map<ScoringSelector, Float32Array>();
  for (const name of availableSelectors(manifest)) {
    if (name === 'full') continue;
    const selector = resolveSelector(manifest, { name });
    const { scores } = await chooseTokens(model, selector, { pixels, embedded, stream }, signal);
    maps.set(name, scores);
  }
  return maps;
}
