import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { ClipTiming } from '../video/plan.ts';

/** Of TimeSformer 8×32, for bundles that do not say. */
const PUBLISHED_SAMPLING_RATE = 32;

/** How many frames make a clip of `model`, and how far apart they are. */
export function clipTiming({ bundle, config }: VideoModel): ClipTiming {
  const { sampling } = bundle.manifest;
  return { numFrames: config.numFrames, samplingRate: sampling?.samplingRate ?? PUBLISHED_SAMPLING_RATE };
}
