import type { Playback } from '#contract/videos.ts';
import type { VideoInfo } from './video-info.ts';

/** ffmpeg's names of the containers that Chromium opens: MP4 and QuickTime, Matroska and WebM. */
const MP4 = 'mov,mp4,m4a,3gp,3g2,mj2';
const MATROSKA = 'matroska,webm';

/**
 * Codecs that Chromium decodes everywhere, without the help of a graphics card, and the ways of storing pixels in which each
 * of them was seen to play. HEVC is missing on purpose: it plays on some machines only.
 */
export const PLAYED_BY_CHROMIUM: ReadonlyMap<string, readonly string[]> = new Map([
  ['h264', ['yuv420p', 'yuvj420p', 'yuv422p', 'yuv444p', 'gray', 'yuv420p10le', 'yuv422p10le']],
  ['vp8', ['yuv420p']],
  ['vp9', ['yuv420p', 'yuv444p', 'yuv420p10le']],
  ['av1', ['yuv420p', 'yuv420p10le']],
]);

/**
 * So many frames later than 0 an MP4 may begin, as B-frames without an edit list make it. No more than that many at its end
 * cannot be sought then.
 */
const LATE_FRAMES = 3;

/** The facts that decide. */
export type PlaybackFacts = Pick<
  VideoInfo,
  | 'container'
  | 'codec'
  | 'pixelFormat'
  | 'isFirstStream'
  | 'saysLength'
  | 'rotation'
  | 'startSeconds'
  | 'framesPerSecond'
>;

/**
 * Whether Chromium's player shows the frames that the engine sees, at `startSeconds` plus the engine's seconds, and can seek to
 * all of them. What decides was tried out with Chromium; a wrong guess costs a preview that was not needed, or an error of
 * the player, after which the page asks for a preview.
 */
export function playbackOf(video: PlaybackFacts): Playback {
  const { container, codec, pixelFormat, isFirstStream, saysLength, rotation, startSeconds, framesPerSecond } = video;
  const isMp4 = container === MP4;
  const opens = isMp4 || container === MATROSKA;
  const decodes = pixelFormat !== null && PLAYED_BY_CHROMIUM.get(codec)?.includes(pixelFormat) === true;
  // In MP4 the player's time line is as long as the pictures are, wherever they begin: a late begin hides the end.
  const reachesEnd = saysLength && (!isMp4 || startSeconds * framesPerSecond <= LATE_FRAMES);
  // What comes before 0 is never shown.
  const reachesStart = startSeconds > -0.001;
  const stands = rotation === 0 || (isMp4 && rotation % 90 === 0);
  return opens && decodes && isFirstStream && reachesStart && reachesEnd && stands ? 'direct' : 'proxy';
}
