import type { VideoModel } from '#native-models/runtime/video-model.ts';
import { availableSelectors, resolveSelector, type SelectorName } from '#native-models/selection/selector.ts';
import { chooseTokens } from '../../analysis/choose-tokens.ts';

/** What scores tokens: the selectors, and attention rollout, which needs the whole model and so saves nothing. */
export type ScoreMapName = Exclude<SelectorName, 'full'> | 'attention-rollout';

/**
 * The score maps of one view by everything that the model has, each `[patches·frames]`, patch-major.
 *
 * @param pixels `[3, frames, side, side]`, normalised.
 * @param stream Numbers the views, so that chance differs between them.
 */
export async function scoreMaps(
  model: VideoModel,
  pixels: Float32Array,
  stream: number,
  signal?: AbortSignal,
): Promise<ReadonlyMap<ScoreMapName, Float32Array>> {
  const { manifest } = model.bundle;
  const embedded = await model.embed(pixels, signal);
  const maps = new Map<ScoreMapName, Float32Array>();
  for (const name of availableSelectors(manifest)) {
    if (name === 'full') continue;
    const selector = resolveSelector(manifest, { name });
    const { scores } = await chooseTokens(model, selector, { pixels, embedded, stream }, signal);
    maps.set(name, scores);
  }
  maps.set('attention-rollout', await model.rollout(embedded, signal));
  return maps;
}
