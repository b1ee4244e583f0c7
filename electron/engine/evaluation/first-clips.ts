import { FfmpegMissingError, toErrorData, UndecodableVideoError } from '#contract/errors.ts';
import type { EvaluationFailure } from '#contract/evaluation.ts';
import { type DecodedClip, decodeClips } from '../video/decode.ts';
import { type ClipTiming, planClips } from '../video/plan.ts';
import { probeVideo } from '../video/probe.ts';
import type { VideoWarning } from '../video/video-info.ts';
import type { LabelledVideo } from './data-set/data-set.ts';

/** The first clip of a video, or why it has none. */
export type FirstClip = { readonly video: LabelledVideo; readonly warnings: readonly VideoWarning[] } & (
  | {
      readonly decoded: DecodedClip;
      /** Pixels of the video as it is displayed. */
      readonly size: { readonly width: number; readonly height: number };
    }
  | { readonly failure: EvaluationFailure }
);

/**
 * Decodes of each video the clip that published figures are about: the one that begins with the first frame.
 *
 * A video that cannot be decoded is given with the reason, whatever that is, and the next one follows.
 *
 * @throws FfmpegMissingError, the signal's reason
 */
export async function* firstClips(
  videos: Iterable<LabelledVideo>,
  timing: ClipTiming,
  shortSide: number,
  signal?: AbortSignal,
): AsyncGenerator<FirstClip, void, undefined> {
  for (const video of videos) {
    const warnings: VideoWarning[] = [];
    const onWarning = (warning: VideoWarning) => void warnings.push(warning);
    try {
      const first = await decodeFirstClip(video.path, timing, { shortSide, onWarning, signal });
      yield { video, warnings, ...first };
    } catch (thrown) {
      signal?.throwIfAborted();
      if (thrown instanceof FfmpegMissingError) throw thrown;
      yield { video, warnings, failure: { path: video.path, error: toErrorData(thrown) } };
    }
  }
}

async function decodeFirstClip(
  path: string,
  timing: ClipTiming,
  options: Parameters<typeof decodeClips>[2],
): Promise<{ readonly decoded: DecodedClip; readonly size: { readonly width: number; readonly height: number } }> {
  const video = await probeVideo(path, options.signal);
  for (const warning of video.warnings) options.onWarning?.(warning);
  const clips = planClips(video, timing).slice(0, 1);
  let first: DecodedClip | undefined;
  // To the end, where the decoder says what was damaged.
  for await (const decoded of decodeClips(video, clips, options)) first = decoded;
  if (first === undefined) throw new UndecodableVideoError(`Not one picture of ${path} can be decoded.`);
  return { decoded: first, size: { width: video.width, height: video.height } };
}
