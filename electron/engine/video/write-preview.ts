import { DecodeTimeoutError, DiskFullError, PreviewFailedError, UndecodableVideoError } from '#contract/errors.ts';
import { DecoderLog } from './decoder-log.ts';
import { FfmpegRun, type RunEnd } from './ffmpeg-run.ts';
import { previewOptions } from './preview-encoding.ts';
import { parseShown } from './shown-frames.ts';
import type { VideoInfo } from './video-info.ts';

/** How long ffmpeg may take to its first picture. */
const FIRST_FRAME_LIMIT_MS = 30_000;

export interface WritePreviewOptions {
  readonly signal: AbortSignal;
  /** Told how many seconds of the video are done. */
  readonly onProgress: (secondsDone: number) => void;
}

/**
 * Writes a copy of `video` that Chromium plays, with the same frames at the same times.
 *
 * Damaged parts are left out, as the engine leaves them out. Sound that cannot be decoded is left out, too.
 *
 * @param file absolute path of an MP4 file; whoever gives it removes it where this throws
 * @throws UndecodableVideoError, DecodeTimeoutError, DiskFullError, PreviewFailedError, FfmpegMissingError, the signal's reason
 */
export async function writePreview(video: VideoInfo, file: string, options: WritePreviewOptions): Promise<void> {
  const zeroSeconds = video.hasAudio ? await firstPictureSeconds(video, options.signal) : null;
  const attempts = zeroSeconds === null ? [null] : [{ zeroSeconds }, null];
  let failure: unknown;
  for (const sound of attempts) {
    failure = await encode(video, file, sound, options).catch((thrown: unknown) => thrown);
    if (!(failure instanceof PreviewFailedError)) break;
  }
  if (failure !== undefined) throw failure;
}

async function encode(
  video: VideoInfo,
  file: string,
  sound: { readonly zeroSeconds: number } | null,
  { signal, onProgress }: WritePreviewOptions,
): Promise<void> {
  const log = new DecoderLog();
  const ended = Promise.withResolvers<RunEnd>();
  let frames = 0;
  let isLate = false;
  await using run = await FfmpegRun.start({
    path: video.path,
    inputOptions: ['-reinit_filter', '0', '-progress', 'pipe:2'],
    outputOptions: await previewOptions(video, sound),
    output: { format: 'mp4', file },
    onLog: (line) => {
      log.note(line);
      const [, name, value] = /^(frame|out_time_ms)=\s*(\d+)$/.exec(line) ?? [];
      if (name === 'frame') frames = Number(value);
      // In spite of its name it counts microseconds.
      else if (name === 'out_time_ms') onProgress(Math.min(Number(value) / 1e6, video.durationSeconds));
    },
    onEnd: ended.resolve,
    signal,
  });
  const limit = setTimeout(() => {
    isLate = frames === 0;
    if (isLate) run.kill();
  }, FIRST_FRAME_LIMIT_MS);
  const end = await ended.promise.finally(() => clearTimeout(limit));
  signal.throwIfAborted();
  if (isLate) throw firstFrameTimeout(video);
  if (end.kind === 'failed') throw failed(video, log.detail, end.reason, frames);
  if (frames === 0) throw nothingDecoded(video, log.detail);
}

/**
 * When the first picture comes on the clock that sound and pictures share; `null` where ffmpeg cannot decode both. That clock
 * begins with whichever comes first, and is mended where time stamps jump.
 */
async function firstPictureSeconds(video: VideoInfo, signal: AbortSignal): Promise<number | null> {
  const ended = Promise.withResolvers<RunEnd>();
  let microseconds: number | null = null;
  await using _run = await FfmpegRun.start({
    path: video.path,
    inputOptions: [],
    outputOptions: [
      ...['-map', `0:${video.streamIndex}`, '-frames:v', '1', '-filter:v', 'settb=1/1000000,showinfo=checksum=0'],
      ...['-map', '0:a:0', '-frames:a', '1'],
    ],
    output: { format: 'null' },
    onLog: (line) => {
      microseconds ??= parseShown(line)?.microseconds ?? null;
    },
    onEnd: ended.resolve,
    signal,
  });
  const { kind } = await ended.promise;
  signal.throwIfAborted();
  return kind === 'failed' || microseconds === null ? null : microseconds / 1e6;
}

function failed({ path, codec }: VideoInfo, log: string, reason: string, frames: number): Error {
  const detail = `${log}\n${reason}`.trim();
  if (/No space left on device|Disk quota exceeded/.test(detail)) {
    return new DiskFullError(`There is no room on the disk for a preview of ${path}.`, {
      hint: 'Make room on the disk that holds your data, and open the video again.',
      detail,
    });
  }
  if (/Unknown encoder|Error selecting an encoder|Encoder .* not found/i.test(detail)) {
    return new PreviewFailedError(`This ffmpeg cannot write H.264, which a preview of ${path} needs.`, {
      hint: 'Install a full build of ffmpeg, one with libx264. The video can be analysed, but not played.',
      detail,
    });
  }
  if (frames === 0) return nothingDecoded({ path, codec }, detail);
  return new PreviewFailedError(`The preview of ${path} could not be finished.`, {
    hint: 'The video can be analysed all the same. Converting it with ffmpeg may help.',
    detail,
  });
}

function nothingDecoded({ path, codec }: Pick<VideoInfo, 'path' | 'codec'>, detail: string): UndecodableVideoError {
  return new UndecodableVideoError(`Not one picture of ${path} can be decoded (${codec}).`, {
    hint: 'The file may be damaged, or this ffmpeg lacks the decoder: check that it plays with ffplay.',
    detail,
  });
}

function firstFrameTimeout({ path }: VideoInfo): DecodeTimeoutError {
  return new DecodeTimeoutError(`ffmpeg gave no picture of ${path} within ${FIRST_FRAME_LIMIT_MS / 1000} s.`, {
    hint: 'Copy the file to a local disk, or convert it with ffmpeg, and try again.',
  });
}
