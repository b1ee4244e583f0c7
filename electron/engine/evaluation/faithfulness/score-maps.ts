import type { Manifest } from '#native-models/bundle/manifest.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import {
  availableSelectors,
  resolveSelector,
  SELECTORS,
  type SelectorName,
} from '#native-models/selection/selector.ts';
import { chooseTokens } from '../../analysis/choose-tokens.ts';

/** What scores tokens: the selectors, and attention rollout, which needs the whole model and so saves nothing. */
export type ScoreMapName = Exclude<SelectorName, 'full'> | 'attention-rollout';

/** All of them. */
export const SCORE_MAPS: readonly ScoreMapName[] = [
  ...SELECTORS.filter((name) => name !== 'full'),
  'attention-rollout',
];

/** The score maps that a model has. */
export function availableMaps(manifest: Manifest): readonly ScoreMapName[] {
  const selectors: readonly string[] = availableSelectors(manifest);
  return SCORE_MAPS.filter((name) => name === 'attention-rollout' || selectors.includes(name));
}

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
  for (const name of wanted) {
    if (name === 'attention-rollout') maps.set(name, await model.rollout(embedded, signal));
    else {
      const selector = resolveSelector(model.bundle.manifest, { name });
      maps.set(name, (await chooseTokens(model, selector, { pixels, embedded, stream }, signal)).scores);
    }
  }
  return maps;
}
