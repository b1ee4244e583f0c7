import { FramePipe } from './frame-pipe.ts';
import type { PlannedClip } from './plan.ts';
import { countPacketsBetween } from './presented-packets.ts';
import { parseShown, type ShownFrame } from './shown-frames.ts';
import type { VideoInfo } from './video-info.ts';

/** Decoding up to here costs less than the extra start of ffmpeg that a seek needs. */
const WORTH_A_SEEK_SECONDS = 10;

/** A place in the file from which decoding starts, with time stamps as the file has them. */
export interface SeekPoint {
  readonly inputOptions: readonly string[];
  /** Time stamp of the video's first presented frame. */
  readonly zeroMicroseconds: number;
  /** Presentation number of the first frame that was decoded after the seek. */
  indexOf(landing: ShownFrame): Promise<number>;
}

/**
 * How far before the first clip to seek, in the order of trying; `null` is the file's start, which always works.
 *
 * With an index the seek lands on the key frame before; in formats without one it may land behind a key frame, and the
 * next one may come too late. The decoder tells, and the next margin is tried.
 */
export function seekMargins(run: readonly PlannedClip[]): readonly (number | null)[] {
  const start = run[0]?.startSeconds ?? 0;
  return [...[1, 15].filter((margin) => start - margin >= WORTH_A_SEEK_SECONDS), null];
}

/**
 * Prepares a seek to `marginSeconds` before a run's first clip.
 *
 * @throws FfmpegMissingError, the signal's reason
 */
export async function locateSeek(
  video: VideoInfo,
  run: readonly PlannedClip[],
  marginSeconds: number,
  signal: AbortSignal | undefined,
): Promise<SeekPoint | null> {
  const zero = await firstTimeStamp(video, signal);
  if (zero === null) return null;
  const target = (run[0]?.startSeconds ?? 0) - marginSeconds;
  return {
    inputOptions: ['-copyts', '-noaccurate_seek', '-ss', target.toFixed(6)],
    zeroMicroseconds: zero,
    async indexOf({ microseconds }) {
      const onGrid = Math.round(((microseconds - zero) / 1_000_000) * video.framesPerSecond);
      if (video.constantRate) return onGrid;
      return (await countPacketsBetween(video, zero / 1_000_000, microseconds / 1_000_000, signal)) ?? onGrid;
    },
  };
}

/** Time stamp, in microseconds, of the first frame that the decoder gives. Packets may promise an earlier one. */
export async function firstTimeStamp(video: VideoInfo, signal: AbortSignal | undefined): Promise<number | null> {
  let microseconds: number | null = null;
  await using pipe = await FramePipe.open({
    path: video.path,
    inputOptions: ['-copyts'],
    outputOptions: [
      ...['-map', `0:${video.streamIndex}`, '-frames:v', '1'],
      ...['-filter:v', 'settb=1/1000000,showinfo=checksum=0,scale=2:2,format=rgb24'],
    ],
    frameBytes: 2 * 2 * 3,
    bufferBytes: 0,
    onLog: (line) => {
      microseconds ??= parseShown(line)?.microseconds ?? null;
      return microseconds !== null;
    },
    signal,
  });
  while (microseconds === null) {
    signal?.throwIfAborted();
    const next = pipe.take();
    if (next === null) await pipe.change();
    else if (!(next instanceof Uint8Array)) break;
  }
  return microseconds;
}
