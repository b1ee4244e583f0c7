import { mapsOf, type ScoreMapName } from '#contract/score-maps.ts';
import type { Manifest } from '#native-models/bundle/manifest.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import { availableSelectors, resolveSelector } from '#native-models/selection/selector.ts';
import { chooseTokens, type ViewInProgress } from './choose-tokens.ts';

/** The score maps that a model has. */
export function availableMaps(manifest: Manifest): readonly ScoreMapName[] {
  return mapsOf(availableSelectors(manifest));
}

/**
 * One score map of a view, `[patches·frames]`, patch-major, each in units of its own.
 *
 * @throws SelectorUnavailableError when the map is an interpreter's and the model has none
 * @throws what inference throws, the signal's reason
 */
export async function scoreMap(
  model: VideoModel,
  name: ScoreMapName,
  view: ViewInProgress,
  signal?: AbortSignal,
): Promise<Float32Array> {
  if (name === 'attention-rollout') return await model.rollout(view.embedded, signal);
  const selector = resolveSelector(model.bundle.manifest, { name });
  return (await chooseTokens(model, selector, view, signal)).scores;
}
