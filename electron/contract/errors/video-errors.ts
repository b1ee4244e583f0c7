import { PatchlightError } from './patchlight-error.ts';

/** The file is no video that ffmpeg can open. */
export class NotAVideoError extends PatchlightError {
  readonly code = 'not-a-video';
}

/** The file opens, but carries no moving pictures: sound only, or a cover picture. */
export class NoVideoStreamError extends PatchlightError {
  readonly code = 'no-video-stream';
}

/** The file is a video that was cut off before its index, so nothing in it can be decoded. */
export class IncompleteVideoError extends PatchlightError {
  readonly code = 'video-incomplete';
}

/** The file is a list that points at other files or servers (a playlist, a concat script), which is never followed. */
export class PlaylistRefusedError extends PatchlightError {
  readonly code = 'playlist-refused';
}

/** The file holds pictures, and not one of them can be decoded. */
export class UndecodableVideoError extends PatchlightError {
  readonly code = 'video-undecodable';
}

/** ffmpeg or ffprobe is not installed, or not where we look. */
export class FfmpegMissingError extends PatchlightError {
  readonly code = 'ffmpeg-missing';
}

/** The file was not understood within the time limit. */
export class ProbeTimeoutError extends PatchlightError {
  readonly code = 'probe-timeout';
}

/** The decoder gave no picture within the time limit. */
export class DecodeTimeoutError extends PatchlightError {
  readonly code = 'decode-timeout';
}

/** The video cannot be converted into one that the player takes. */
export class PreviewFailedError extends PatchlightError {
  readonly code = 'preview-failed';
}

/** The part of the video that was asked for lies outside it. */
export class SpanOutsideVideoError extends PatchlightError {
  readonly code = 'span-outside-video';
}
