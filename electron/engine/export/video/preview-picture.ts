import type { VideoExport } from '#contract/video-export.ts';
import { type DecodedClip, decodeClips } from '../../video/decode.ts';
import { toStandardRange } from '../../video/picture-filters.ts';
import type { VideoInfo } from '../../video/video-info.ts';
import { AnnotationPainter } from './annotation-painter.ts';
import { colourSpaceOf } from './colour.ts';
import { evenSize } from './filter-graph.ts';
import type { FinishedAnalysis } from './finished-analysis.ts';
import { RgbPicture } from './rgb-picture.ts';
import { momentAt } from './shown-moments.ts';

/** A frame of a video as it is displayed. */
export interface DisplayedFrame {
  readonly picture: RgbPicture;
  /** When it appears, from the first presented frame. */
  readonly seconds: number;
}

/** What is shown of an annotated video before it is made. */
export interface PreviewPicture {
  /** A PNG file. */
  readonly picture: Uint8Array;
  /** Of the video that would be written. */
  readonly width: number;
  readonly height: number;
}

/**
 * The frame that is on screen at a moment, in its full size; the last one where the video is over by then.
 *
 * @throws what {@link decodeClips} throws
 */
export async function displayedFrame(video: VideoInfo, seconds: number, signal: AbortSignal): Promise<DisplayedFrame> {
  const last = Math.max(0, video.durationSeconds - 1 / video.framesPerSecond);
  const moment = Math.min(seconds, last);
  const wanted = { index: 0, startSeconds: moment, endSeconds: moment, sampleSeconds: [moment] };
  const shortSide = Math.min(video.width, video.height);
  let decoded: DecodedClip | undefined;
  for await (const clip of decodeClips(video, [wanted], { shortSide, signal })) decoded = clip;
  if (decoded === undefined) return displayedFrame(video, 0, signal);
  const { width, height, frames, frameSeconds } = decoded;
  return { picture: new RgbPicture(width, height, frames), seconds: frameSeconds[0] ?? moment };
}

/**
 * A frame with what an annotated video has drawn onto it then, by the same painter and in the same size; made smaller only in
 * the end.
 *
 * @param longSide Pixels that the longer side of the picture has at most.
 */
export async function previewPicture(
  video: VideoInfo,
  analysis: FinishedAnalysis,
  frame: DisplayedFrame,
  options: VideoExport,
  longSide: number,
): Promise<PreviewPicture> {
  const { width, height } = evenSize(video);
  const space = colourSpaceOf(video.colour, video.height, (await toStandardRange(video)).length > 0);
  const longestSeconds = options.span?.endSeconds ?? video.durationSeconds;
  const painter = await AnnotationPainter.open(analysis, options, {
    ...{ width, height, displayed: video, space },
    longestSeconds: Math.min(longestSeconds, video.durationSeconds),
  });
  const original = frame.picture.cropped(width, height);
  const drawn = frame.picture.cropped(width, height);
  drawn.layOver(await painter.paint(momentAt(analysis.clips, frame.seconds, options.between)), space);
  const whole = options.sideBySide ? original.beside(drawn) : drawn;
  return { picture: whole.shrunk(longSide).png(), width: whole.width, height: whole.height };
}
