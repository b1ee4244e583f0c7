import type { ClipTiming } from '../video/plan.ts';
import type { CheckedVideo } from './training-video.ts';

/** A stretch of a video in which a training clip may begin. */
export interface ClipRange {
  readonly video: CheckedVideo;
  readonly earliestSeconds: number;
  readonly latestSeconds: number;
}

/** The frame rate that sampling rates refer to. */
const REFERENCE_RATE = 30;
/** Clips of one range begin at steps of this share of a clip, so that what was decoded can be used again. */
const STEP_OF_A_CLIP = 1 / 8;

function clipSeconds({ numFrames, samplingRate }: ClipTiming): number {
  return (numFrames * samplingRate) / REFERENCE_RATE;
}

/**
 * Where training clips begin. With labels every video counts once, wherever its clip is taken from, as in the published
 * training of TimeSformer. Without, every stretch as long as a clip counts once: a few long recordings are many clips.
 */
export function clipRanges(videos: readonly CheckedVideo[], timing: ClipTiming): ClipRange[] {
  const length = clipSeconds(timing);
  return videos.flatMap((video) => {
    const { durationSeconds } = video.info;
    const stretches = video.label === null ? Math.max(1, Math.floor(durationSeconds / length)) : 1;
    const stretch = durationSeconds / stretches;
    return Array.from({ length: stretches }, (_, i) => {
      const earliestSeconds = i * stretch;
      return { video, earliestSeconds, latestSeconds: earliestSeconds + Math.max(0, stretch - length) };
    });
  });
}

/** The moments at which a clip of `range` may begin, in seconds, evenly from the first to the last. */
export function clipStarts({ earliestSeconds, latestSeconds }: ClipRange, timing: ClipTiming): number[] {
  const free = latestSeconds - earliestSeconds;
  const steps = Math.ceil(free / (STEP_OF_A_CLIP * clipSeconds(timing)) - 1e-6);
  if (steps < 1) return [earliestSeconds];
  return Array.from({ length: steps + 1 }, (_, i) => earliestSeconds + (i * free) / steps);
}
