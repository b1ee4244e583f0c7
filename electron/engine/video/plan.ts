import { SpanOutsideVideoError } from '#contract/errors.ts';
import type { VideoInfo } from './video-info.ts';

/** How many frames make a clip, and how far apart they are in a 30 frames/s video (8 × 32 for the K400 base model). */
export interface ClipTiming {
  readonly numFrames: number;
  readonly samplingRate: number;
}

/** A span of time and the moments in it that the model sees. Seconds count from the first presented frame. */
export interface PlannedClip {
  readonly index: number;
  readonly startSeconds: number;
  /** End of the clip, or of the video where that comes first. */
  readonly endSeconds: number;
  /** `numFrames` ascending moments. Those after the video's end show its last frame. */
  readonly sampleSeconds: readonly number[];
}

export interface ClipPlanOptions extends ClipTiming {
  /** Distance between the starts of two clips; by default they follow back to back. */
  readonly strideSeconds?: number;
  /** Part of the video in which clips start. The last one may look at frames after it. */
  readonly span?: { readonly startSeconds: number; readonly endSeconds: number };
}

/** The source's frame rate to which `samplingRate` refers. */
const REFERENCE_FRAMES_PER_SECOND = 30;

/** A clip's length in source frames: `samplingRate · numFrames / 30 · fps`. */
function clipFrames({ numFrames, samplingRate }: ClipTiming, framesPerSecond: number): number {
  return ((samplingRate * numFrames) / REFERENCE_FRAMES_PER_SECOND) * framesPerSecond;
}

/** `linspace(0, clip − 1, numFrames)[i]`: where sample i stands, in source frames from the clip's start. */
function sampleOffset(i: number, numFrames: number, clip: number): number {
  return numFrames === 1 ? 0 : (i * Math.max(clip - 1, 0)) / (numFrames - 1);
}

/**
 * Frame indices of one temporal view of the Kinetics test protocol, clamped to the last frame.
 *
 * @param viewIndex view i of n starts at `max(frames − clip, 0) · i / n`.
 * @see TimeSformer's published code, `datasets/decoder.py`: `get_start_end_idx` and `temporal_sampling`
 */
export function frameIndices(
  presentedFrames: number,
  framesPerSecond: number,
  timing: ClipTiming,
  viewIndex = 0,
  viewCount = 1,
): number[] {
  const clip = clipFrames(timing, framesPerSecond);
  const start = (Math.max(presentedFrames - clip, 0) * viewIndex) / viewCount;
  return Array.from({ length: timing.numFrames }, (_, i) =>
    Math.min(Math.max(Math.floor(start + sampleOffset(i, timing.numFrames, clip)), 0), presentedFrames - 1),
  );
}

/**
 * Successive clips over a video, or over a span of it.
 *
 * What is not longer than one clip gives exactly one. A longer video gives a clip every `strideSeconds` for as long as
 * at least half of the clip lies inside. Sample i of a clip stands at `start + x_i / fps`, `x = linspace(0, clip − 1, T)`.
 *
 * @throws RangeError where a length, rate or stride is not a positive number
 * @throws SpanOutsideVideoError where the span holds nothing of the video
 */
export function planClips(
  video: Pick<VideoInfo, 'path' | 'durationSeconds' | 'framesPerSecond'>,
  { span, strideSeconds, ...timing }: ClipPlanOptions,
): PlannedClip[] {
  requirePositive('numFrames', timing.numFrames);
  requirePositive('samplingRate', timing.samplingRate);
  requirePositive('framesPerSecond', video.framesPerSecond);

  const clip = clipFrames(timing, video.framesPerSecond);
  const clipSeconds = clip / video.framesPerSecond;
  const stride = strideSeconds ?? clipSeconds;
  requirePositive('strideSeconds', stride);

  const from = Math.max(span?.startSeconds ?? 0, 0);
  const to = Math.min(span?.endSeconds ?? Number.POSITIVE_INFINITY, video.durationSeconds);
  if (span !== undefined && !(from < to)) {
    throw new SpanOutsideVideoError(
      `The span ${span.startSeconds}–${span.endSeconds} s holds nothing of ${video.path}, which lasts ${video.durationSeconds.toFixed(2)} s.`,
      { hint: 'Choose a start before the end, both inside the video.' },
    );
  }

  const offsets = Array.from(
    { length: timing.numFrames },
    (_, i) => sampleOffset(i, timing.numFrames, clip) / video.framesPerSecond,
  );
  // Durations are sums of rounded time stamps: what is equal on paper may differ by a tick.
  const slack = 0.1 / video.framesPerSecond;
  const length = to - from;
  const count =
    length <= clipSeconds + slack ? 1 : Math.max(1, Math.floor((length - clipSeconds / 2 + slack) / stride) + 1);

  return Array.from({ length: count }, (_, index) => {
    const startSeconds = from + index * stride;
    return {
      index,
      startSeconds,
      endSeconds: Math.max(startSeconds, Math.min(startSeconds + clipSeconds, video.durationSeconds)),
      // Computed when asked for: a long video at a short stride has millions of samples.
      get sampleSeconds() {
        return offsets.map((offset) => startSeconds + offset);
      },
    };
  });
}

function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new RangeError(`${name} must be a positive number, not ${value}`);
}
