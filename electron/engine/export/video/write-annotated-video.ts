import { stat } from 'node:fs/promises';
import type { Warning } from '#contract/analysis.ts';
import {
  DiskFullError,
  ExportFailedError,
  ExportUnavailableError,
  SpanOutsideVideoError,
  UndecodableVideoError,
} from '#contract/errors.ts';
import type { VideoExport, VideoFormat } from '#contract/video-export.ts';
import { FfmpegRun, type RunEnd } from '../../video/ffmpeg-run.ts';
import { frameTiming } from '../../video/frame-timing.ts';
import { firstTimeStamp } from '../../video/seek.ts';
import type { VideoInfo } from '../../video/video-info.ts';
import { AnnotationPainter } from './annotation-painter.ts';
import { annotationStream } from './annotation-stream.ts';
import { colourSpaceOf } from './colour.ts';
import { EncoderLog } from './encoder-log.ts';
import { containerOptions, isCopied, soundCoding, videoCoding } from './encoding.ts';
import { filterGraph, preparedPictures } from './filter-graph.ts';
import type { FinishedAnalysis } from './finished-analysis.ts';
import { shownMoments } from './shown-moments.ts';
import { readSourceSound } from './source-sound.ts';

export interface VideoExportProgress {
  readonly secondsDone: number;
  readonly secondsTotal: number;
  /** Until the end, by the speed so far; null before anything is known. */
  readonly secondsLeft: number | null;
}

export interface VideoExportCourse {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: VideoExportProgress) => void) | undefined;
}

/** What was written. */
export interface AnnotatedVideo {
  readonly frames: number;
  readonly sound: readonly { readonly codec: string; readonly copied: boolean }[];
  readonly warnings: readonly Warning[];
}

/**
 * Writes a video with an analysis drawn onto it: every presented frame with its own time stamp (GIF: to 1/100 s, and at most
 * 50 a second), upright, in square pixels, in even sides (an odd one loses its last row or column), the sound as it is where
 * the format can hold it.
 *
 * One ffmpeg reads the source, lays the annotations over it, which come through a pipe whenever they change, and encodes;
 * memory does not grow with the length of the video. Should this process die, that ffmpeg ends, too.
 *
 * @param file Absolute; a file that is there is overwritten. After a failure it holds nothing that is of use.
 * @throws SpanOutsideVideoError, DiskFullError, ExportUnavailableError where the source changes or goes away,
 * UndecodableVideoError, ExportFailedError, FfmpegMissingError, ProbeTimeoutError, the signal's reason
 */
export async function writeAnnotatedVideo(
  video: VideoInfo,
  analysis: FinishedAnalysis,
  file: string,
  format: VideoFormat,
  options: VideoExport,
  course: VideoExportCourse = {},
): Promise<AnnotatedVideo> {
  const span = spanOf(video, options);
  const before = await identity(video.path);
  const written = await encode(video, analysis, file, format, options, span, course).catch(async (thrown: unknown) => {
    // What ffmpeg says of a source that is gone is not what a person wants to know first.
    if (course.signal?.aborted || (await identity(video.path)) === before) throw thrown;
    throw sourceChanged(video, thrown);
  });
  if ((await identity(video.path)) !== before) throw sourceChanged(video);
  return written;
}

function sourceChanged({ path }: VideoInfo, cause?: unknown): ExportUnavailableError {
  return new ExportUnavailableError(`${path} was changed or went away while it was exported.`, {
    hint: 'Put the file back, and export again.',
    cause,
  });
}

interface Span {
  readonly startSeconds: number;
  readonly endSeconds: number;
}

function spanOf(video: VideoInfo, { span }: VideoExport): Span {
  if (span === null) return { startSeconds: 0, endSeconds: video.durationSeconds };
  const endSeconds = Math.min(span.endSeconds, video.durationSeconds);
  if (span.startSeconds < endSeconds) return { startSeconds: span.startSeconds, endSeconds };
  throw new SpanOutsideVideoError(
    `The span ${span.startSeconds}–${span.endSeconds} s holds nothing of ${video.path}, which lasts ${video.durationSeconds.toFixed(2)} s.`,
    { hint: 'Choose a start before the end, both inside the video.' },
  );
}

/** What tells whether a file is still the same. */
async function identity(path: string): Promise<string | null> {
  const facts = await stat(path).catch(() => null);
  return facts === null ? null : `${facts.dev} ${facts.ino} ${facts.size} ${facts.mtimeMs}`;
}

async function encode(
  video: VideoInfo,
  analysis: FinishedAnalysis,
  file: string,
  format: VideoFormat,
  options: VideoExport,
  span: Span,
  { signal, onProgress }: VideoExportCourse,
): Promise<AnnotatedVideo> {
  const pictures = await preparedPictures(video);
  const space = colourSpaceOf(video.colour, video.height, pictures.toneMapped);
  const painter = await AnnotationPainter.open(analysis, options, {
    ...{ width: pictures.width, height: pictures.height, displayed: video, space },
    longestSeconds: span.endSeconds,
  });
  const clock = await outputClock(video, signal);
  const tracks = format === 'gif' ? [] : clock.tracks;

  const log = new EncoderLog();
  const ended = Promise.withResolvers<RunEnd>();
  let failure: { readonly thrown: unknown } | undefined;
  const moments = shownMoments(analysis.clips, {
    ...{ between: options.between, clock: options.time },
    ...{ fromSeconds: span.startSeconds, toSeconds: span.endSeconds },
  });
  const stream = annotationStream(painter, moments, {
    ...{ width: pictures.width, height: pictures.height, offsetSeconds: clock.pictureSeconds },
    onFailure: (thrown) => {
      failure = { thrown };
    },
  });
  const started = performance.now();
  const total = span.endSeconds - span.startSeconds;
  try {
    await using _run = await FfmpegRun.start({
      path: video.path,
      inputOptions: [...clock.inputOptions, ...seekOptions(video, span)],
      streamed: { stream, inputOptions: ['-thread_queue_size', '2', '-probesize', '32'] },
      outputOptions: [
        ...['-filter_complex', filterGraph(video, pictures, format, options), '-map', '[out]'],
        ...soundCoding(tracks, format),
        ...[...(await frameTiming()), ...videoCoding(format)],
        ...(pictures.toneMapped ? BT709_MARKS : []),
        ...containerOptions(format),
        ...cut(options, span, clock.pictureSeconds),
        ...['-map_metadata', '-1', '-map_chapters', '-1', '-max_muxing_queue_size', '4096'],
        ...['-progress', 'pipe:2'],
      ],
      output: { format: format, file },
      onLog: (line) => {
        if (log.note(line)) onProgress?.(progressOf(Math.min(log.seconds, total), total, started));
      },
      onEnd: ended.resolve,
      signal,
    });
    const end = await ended.promise;
    signal?.throwIfAborted();
    if (failure !== undefined) throw failure.thrown;
    refuseFailure(video, format, log, end);
  } finally {
    stream.destroy();
  }
  return {
    frames: log.frames,
    sound: tracks.map((track) => ({ codec: track.codec, copied: isCopied(track, format) })),
    warnings: damageWarnings(video, log),
  };
}

/** How the file's time stamps become those of the result, which begin with the first of pictures and sound. */
async function outputClock(video: VideoInfo, signal: AbortSignal | undefined) {
  const sound = await readSourceSound(video.path, signal);
  const microseconds = await firstTimeStamp(video, signal);
  const firstPicture = microseconds === null ? video.startSeconds : microseconds / 1e6;
  const start = Math.min(sound.startSeconds ?? firstPicture, firstPicture);
  return {
    tracks: sound.tracks,
    inputOptions: ['-reinit_filter', '0', '-copyts', '-itsoffset', (-start).toFixed(6)],
    /** Time stamp of the first picture in the result. */
    pictureSeconds: firstPicture - start,
  };
}

/** Formats with an index, in which a seek lands before the place that it was for. */
const INDEXED = /(^|,)(mov|mp4|matroska|webm|avi)(,|$)/;

/** Decoding so much more than is needed costs little, and makes up for an inexact seek. */
const SEEK_MARGIN_SECONDS = 5;

function seekOptions(video: VideoInfo, { startSeconds }: Span): readonly string[] {
  const target = startSeconds - SEEK_MARGIN_SECONDS;
  return target > 0 && INDEXED.test(video.container) ? ['-noaccurate_seek', '-ss', target.toFixed(6)] : [];
}

/** A frame that stands on the span's start belongs to it, however its time stamp was rounded. */
const ROUNDING_SECONDS = 2e-5;

function cut(options: VideoExport, { startSeconds, endSeconds }: Span, pictureSeconds: number): readonly string[] {
  if (options.span === null) return [];
  const start = Math.max(0, pictureSeconds + startSeconds - ROUNDING_SECONDS);
  return ['-ss', start.toFixed(6), '-t', (endSeconds - startSeconds).toFixed(6)];
}

const BT709_MARKS = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709'] as const;

function progressOf(secondsDone: number, secondsTotal: number, startedMs: number): VideoExportProgress {
  const elapsed = (performance.now() - startedMs) / 1000;
  const secondsLeft = secondsDone > 0 ? (elapsed * (secondsTotal - secondsDone)) / secondsDone : null;
  return { secondsDone, secondsTotal, secondsLeft };
}

function refuseFailure(video: VideoInfo, format: VideoFormat, log: EncoderLog, end: RunEnd): void {
  const reason = end.kind === 'failed' ? end.reason : '';
  const detail = [log.complaints.detail, reason].join('\n').trim();
  if (log.diskFull) {
    throw new DiskFullError('There is no room left on the disk for the video.', {
      hint: 'Make room there, choose another folder, or export a part of it.',
      detail,
    });
  }
  if (/Unknown encoder|Encoder not found/.test(detail)) {
    throw new ExportFailedError(`This ffmpeg cannot write ${format.toUpperCase()} videos.`, {
      hint: 'Choose another format, or install an ffmpeg with libx264, libvpx and libopus.',
      detail,
    });
  }
  if (end.kind === 'failed' || log.brokenOutput !== null) {
    throw new ExportFailedError(`${video.path} could not be exported.`, {
      hint: 'Try another format; the detail says what ffmpeg had against it.',
      detail,
    });
  }
  if (log.frames === 0) {
    throw new UndecodableVideoError(`Not one picture of ${video.path} can be decoded (${video.codec}).`, {
      hint: 'The file may be damaged, or this ffmpeg lacks the decoder: check that it plays with ffplay.',
      detail,
    });
  }
}

function damageWarnings({ path }: VideoInfo, { complaints }: EncoderLog): readonly Warning[] {
  if (complaints.errorCount === 0) return [];
  const message = `Parts of ${path} are damaged; pictures there may be wrong or missing. ffmpeg: ${complaints.lastError}`;
  return [{ code: 'video-damaged', message }];
}
