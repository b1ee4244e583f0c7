import type { Video } from '#contract/videos.ts';

/** What has to be known of a video to find its frames. Seconds count from the first presented frame. */
export type FrameRate = Pick<Video, 'framesPerSecond' | 'constantRate' | 'presentedFrames' | 'durationSeconds'>;

/** Times are sums of rounded time stamps: what is so near to a frame's beginning, as a share of a frame, is meant to be it. */
const SLACK_FRAMES = 0.02;

/** Well inside of any frame, and above the rounding of players. */
const INSIDE_SECONDS = 1e-3;

/** A moment to seek to, and when the frame that is on screen then is supposed to begin. */
export interface FrameTarget {
  /** Inside of the frame: in its middle where frames are as far apart as each other. */
  readonly seekSeconds: number;
  readonly frameSeconds: number;
}

/** The frame that is on screen at a moment. */
export function frameAt(seconds: number, rate: FrameRate): FrameTarget {
  return rate.constantRate
    ? frameNumber(Math.floor(seconds * rate.framesPerSecond + SLACK_FRAMES), rate)
    : momentIn(seconds, rate);
}

/** The first frame that begins at a moment or after it. */
export function frameFrom(seconds: number, rate: FrameRate): FrameTarget {
  return rate.constantRate
    ? frameNumber(Math.ceil(seconds * rate.framesPerSecond - SLACK_FRAMES), rate)
    : momentIn(seconds + 0.5 / rate.framesPerSecond, rate);
}

/** The frame `count` frames after (or before) the one that begins at `seconds`, where frames are as far apart as each other. */
export function frameBeside(seconds: number, count: number, rate: FrameRate): FrameTarget {
  return frameNumber(Math.round(seconds * rate.framesPerSecond) + count, rate);
}

/** The last frame. */
export function lastFrame(rate: FrameRate): FrameTarget {
  return rate.constantRate ? frameNumber(rate.presentedFrames - 1, rate) : momentIn(rate.durationSeconds, rate);
}

function frameNumber(number: number, { framesPerSecond, presentedFrames }: FrameRate): FrameTarget {
  const frame = Math.min(Math.max(0, number), Math.max(0, presentedFrames - 1));
  return { seekSeconds: (frame + 0.5) / framesPerSecond, frameSeconds: frame / framesPerSecond };
}

function momentIn(seconds: number, { durationSeconds }: FrameRate): FrameTarget {
  const frameSeconds = Math.min(Math.max(0, seconds), Math.max(0, durationSeconds - INSIDE_SECONDS));
  return { seekSeconds: frameSeconds + INSIDE_SECONDS, frameSeconds };
}
