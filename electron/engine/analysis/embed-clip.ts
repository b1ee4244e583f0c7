import { SpanOutsideVideoError } from '#contract/errors.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import { decodeClips } from '../video/decode.ts';
import { planClips } from '../video/plan.ts';
import type { VideoInfo } from '../video/video-info.ts';
import { cropOrigins, viewTensor } from '../video/views.ts';
import { clipTiming } from './clip-timing.ts';
import { type ClipView, factsOf, viewStream } from './clip-view.ts';
import type { AnalysisSettings } from './settings.ts';

/**
 * One clip of a video decoded and put through the stem: what {@link reselectClip} needs, for a clip that an analysis has
 * not kept. The centre comes first.
 *
 * @throws SpanOutsideVideoError when the plan has no such clip, and what decoding and inference throw
 */
export async function embedClip(
  video: VideoInfo,
  index: number,
  model: VideoModel,
  settings: AnalysisSettings,
  signal?: AbortSignal,
): Promise<[ClipView, ...ClipView[]]> {
  const { imageSize } = model.config;
  const { strideSeconds, span } = settings;
  const plan = planClips(video, { ...clipTiming(model), strideSeconds, ...(span === undefined ? {} : { span }) });
  const planned = plan[index];
  if (planned === undefined) {
    throw new SpanOutsideVideoError(`${video.path} has ${plan.length} clips, and none with number ${index}.`);
  }
  for await (const decoded of decodeClips(video, [planned], { shortSide: imageSize, signal })) {
    const { width, height } = decoded;
    const clip = factsOf(decoded);
    const embed = async ({ name, origin }: ReturnType<typeof cropOrigins>[number]): Promise<ClipView> => {
      const pixels = viewTensor(decoded, origin, imageSize, model.bundle.manifest.preprocessing);
      const embedded = await model.embed(pixels, signal);
      const stream = viewStream(index, name);
      return { clip, crop: name, origin, frameSize: [width, height], pixels, embedded, stream };
    };
    const [left, center, right] = cropOrigins(width, height, imageSize);
    const views: [ClipView, ...ClipView[]] = [await embed(center)];
    if (settings.views === 3) views.push(await embed(left), await embed(right));
    return views;
  }
  throw new SpanOutsideVideoError(`The pictures of ${video.path} end before clip ${index}.`);
}
