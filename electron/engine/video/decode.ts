import { DecodeTimeoutError, UndecodableVideoError } from '#contract/errors.ts';
import { ClipAssembly, type DecodedClip } from './clip-assembly.ts';
import { DecoderLog } from './decoder-log.ts';
import type { RunEnd } from './ffmpeg-run.ts';
import { filterChain } from './filter-chain.ts';
import { FramePipe } from './frame-pipe.ts';
import type { PlannedClip } from './plan.ts';
import { evenRuns, type SampleGrid, sampleGrid, slotCount } from './sample-grid.ts';
import { locateSeek, type SeekPoint, seekMargins } from './seek.ts';
import { ShownFrames } from './shown-frames.ts';
import type { VideoInfo, VideoWarning } from './video-info.ts';
import { scaledSize } from './views.ts';

export type { DecodedClip } from './clip-assembly.ts';

/** How long ffmpeg may take to its first picture. */
const FIRST_FRAME_LIMIT_MS = 30_000;

/** Decoded video that may wait for whoever takes the clips: about one clip, and never more than this. */
const LARGEST_BUFFER_BYTES = 16 * 2 ** 20;

export interface DecodeOptions {
  /** Pixels of the scaled frames' short side. */
  readonly shortSide: number;
  readonly signal?: AbortSignal | undefined;
  readonly onWarning?: ((warning: VideoWarning) => void) | undefined;
}

/**
 * The pictures of planned clips, in order, decoded in one pass of ffmpeg for every evenly spaced run of clips.
 *
 * A sample shows the frame that is on screen at its moment; after the last frame the last one stays. Only these frames
 * leave ffmpeg, already scaled. ffmpeg waits whenever about one clip has not been taken, so memory stays flat. Leaving
 * the generator early, or aborting, ends ffmpeg.
 *
 * A damaged file gives the clips that can be decoded (the last of them holding its last frame) and a warning.
 *
 * @throws UndecodableVideoError where no frame at all can be decoded, DecodeTimeoutError, FfmpegMissingError, the
 * signal's reason
 */
export async function* decodeClips(
  video: VideoInfo,
  clips: readonly PlannedClip[],
  options: DecodeOptions,
): AsyncGenerator<DecodedClip, void, undefined> {
  for (const run of evenRuns(clips)) {
    const grid = sampleGrid(run, video.framesPerSecond, video.tickSeconds);
    for (const margin of seekMargins(run)) {
      const seek = margin === null ? null : await locateSeek(video, run, margin, options.signal);
      const outcome = yield* decodeRun(video, run, grid, seek, options);
      if (outcome === 'video ended') return;
      if (outcome === 'decoded') break;
    }
  }
}

/** `missed`: the seek landed after the first frame that is needed, and nothing was given. */
type Outcome = 'decoded' | 'video ended' | 'missed';

async function* decodeRun(
  video: VideoInfo,
  run: readonly PlannedClip[],
  grid: SampleGrid,
  seek: SeekPoint | null,
  { shortSide, signal, onWarning }: DecodeOptions,
): AsyncGenerator<DecodedClip, Outcome, undefined> {
  const size = scaledSize(video.width, video.height, shortSide);
  const frameBytes = size.width * size.height * 3;
  const shown = new ShownFrames(grid, seek?.zeroMicroseconds);
  const log = new DecoderLog();
  const assembly = new ClipAssembly(run, grid, size);
  const zero = seek === null ? 'STARTPTS' : String(seek.zeroMicroseconds);

  // A change of the picture's size half-way must not start the filters anew, which would start counting slots anew.
  await using pipe = await FramePipe.open({
    path: video.path,
    inputOptions: ['-reinit_filter', '0', ...(seek?.inputOptions ?? [])],
    outputOptions: [
      ...['-map', `0:${video.streamIndex}`, '-frames:v', String(slotCount(grid))],
      ...['-filter:v', await filterChain(video, grid, size, zero)],
    ],
    frameBytes,
    bufferBytes: Math.min(grid.slotOffsets.length * frameBytes, LARGEST_BUFFER_BYTES),
    onLog: (line) => {
      // After a seek, decoders complain about the frames before the landing; that is no damage.
      const news = shown.note(line);
      if (news === 'other' && (seek === null || shown.startsClean)) log.note(line);
      return news === 'next slot';
    },
    signal,
  });

  const deadline = performance.now() + FIRST_FRAME_LIMIT_MS;
  let firstIndex: number | undefined;
  let end: RunEnd | undefined;
  // Pictures and log come through pipes of their own. Every turn takes the one step that is possible now.
  while (assembly.awaited !== undefined) {
    signal?.throwIfAborted();
    const onScreen = assembly.places < assembly.pictures ? shown.at(assembly.places) : null;
    if (onScreen !== null) {
      if (seek !== null && assembly.places === 0 && !(shown.startsClean && onScreen.firstSlot <= 0)) return 'missed';
      firstIndex ??= seek === null ? 0 : await seek.indexOf(shown.first ?? onScreen);
      assembly.addPlace({ index: firstIndex + onScreen.number, seconds: shown.seconds(onScreen) });
    } else if (end === undefined) {
      const next = pipe.take();
      if (next instanceof Uint8Array) {
        assembly.addPicture(next);
      } else if (next === null) {
        const limit = shown.first === undefined ? Math.max(deadline - performance.now(), 0) : undefined;
        if ((await pipe.change(limit)) === 'timeout' && shown.first === undefined) throw firstFrameTimeout(video);
      } else {
        end = next;
        shown.complete();
      }
      continue;
    } else if (seek !== null && assembly.places === 0) {
      return 'missed';
    } else if (!assembly.holdLast()) {
      throw nothingDecoded(video, log, end);
    }
    if (end !== undefined && assembly.awaited.startSeconds > shownUntil(video, shown, log, end)) break;
    const clip = assembly.take();
    if (clip !== null) yield clip;
  }
  signal?.throwIfAborted();
  warnOfDamage(video, log, end, onWarning);
  if (assembly.awaited === undefined) return 'decoded';
  onWarning?.({
    code: 'video-ends-early',
    message: `The pictures of ${video.path} end before ${assembly.awaited.startSeconds.toFixed(2)} s: clips from there on are left out.`,
  });
  return 'video ended';
}

/**
 * Until when the last frame counts as on screen. A file that was decoded whole may hold it for as long as it says; after
 * damage, what follows the last frame is unknown.
 */
function shownUntil(video: VideoInfo, shown: ShownFrames, log: DecoderLog, end: RunEnd): number {
  const last = shown.last === undefined ? 0 : shown.seconds(shown.last) + 1.5 / video.framesPerSecond;
  return log.errorCount === 0 && end.kind === 'complete' ? Math.max(last, video.durationSeconds) : last;
}

function warnOfDamage(
  video: VideoInfo,
  log: DecoderLog,
  end: RunEnd | undefined,
  onWarning: DecodeOptions['onWarning'],
): void {
  if (end?.kind === 'failed') {
    onWarning?.({ code: 'video-damaged', message: `Decoding of ${video.path} broke off: ${end.reason}` });
  } else if (log.errorCount > 0) {
    onWarning?.({
      code: 'video-damaged',
      message: `Parts of ${video.path} are damaged; pictures there may be wrong or missing. ffmpeg: ${log.lastError}`,
    });
  }
}

function nothingDecoded(video: VideoInfo, log: DecoderLog, end: RunEnd): UndecodableVideoError {
  return new UndecodableVideoError(`Not one picture of ${video.path} can be decoded (${video.codec}).`, {
    hint: 'The file may be damaged, or this ffmpeg lacks the decoder: check that it plays with ffplay.',
    detail: [log.detail, end.kind === 'failed' ? end.reason : ''].join('\n').trim(),
  });
}

function firstFrameTimeout(video: VideoInfo): DecodeTimeoutError {
  return new DecodeTimeoutError(`ffmpeg gave no picture of ${video.path} within ${FIRST_FRAME_LIMIT_MS / 1000} s.`, {
    hint: 'Copy the file to a local disk, or convert it with ffmpeg, and try again.',
  });
}
