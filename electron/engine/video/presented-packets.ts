import { ProbeTimeoutError } from '#contract/errors.ts';
import { ffprobe } from './ffprobe.ts';
import type { VideoInfo } from './video-info.ts';

/** Counting is worth this much waiting (a slow network drive); after that, estimates have to do. */
const COUNTING_LIMIT_MS = 15_000;

/** Packets come in decoding order: one that is shown earlier may come this much later. */
const REORDERING_SECONDS = 5;

/** What the packets of a stream say about its time line. */
export interface PacketTimeline {
  /** Packets that lead to a frame on screen. */
  readonly count: number;
  /** First and last moment on screen, in seconds of the file's clock; `null` where packets carry no time stamps. */
  readonly first: number | null;
  readonly end: number | null;
  /** Whether every frame stands where the average rate puts it, as far as the clock's resolution allows. */
  readonly constantRate: boolean;
  readonly complaints: string;
}

/**
 * Reads the packets of a stream, without decoding them.
 *
 * Packets marked as discarded (before an edit list's start) are decoded but never shown, so they do not count.
 *
 * @returns `null` where reading them takes too long
 */
export async function readPacketTimeline(
  path: string,
  streamIndex: number,
  tickSeconds: number,
  signal?: AbortSignal,
): Promise<PacketTimeline | null> {
  const stamps: number[] = [];
  let count = 0;
  let end = Number.NEGATIVE_INFINITY;
  const question = ['-select_streams', String(streamIndex), '-show_entries', 'packet=pts,duration,flags'];
  const answer = await countingPackets(
    path,
    [...question, '-of', 'csv=p=0'],
    (line) => {
      const [pts = '', duration = '', flags = ''] = line.split(',');
      if (flags === '' || flags.includes('D')) return;
      count++;
      const stamp = Number(pts);
      if (!Number.isFinite(stamp)) return;
      stamps.push(stamp);
      end = Math.max(end, stamp + (Number(duration) || 0));
    },
    signal,
  );
  if (answer === null) return null;
  const { complaints } = answer;
  if (stamps.length < count || count === 0) {
    return { count, first: null, end: null, constantRate: true, complaints };
  }
  const sorted = Float64Array.from(stamps).sort();
  return {
    count,
    first: (sorted[0] as number) * tickSeconds,
    end: end * tickSeconds,
    constantRate: isEven(sorted),
    complaints,
  };
}

/**
 * How many presented frames have time stamps from `fromSeconds` up to, but not with, `toSeconds` of the file's clock.
 * Reads the file up to there, and keeps nothing.
 *
 * @returns `null` where reading takes too long
 */
export async function countPacketsBetween(
  video: Pick<VideoInfo, 'path' | 'streamIndex' | 'tickSeconds'>,
  fromSeconds: number,
  toSeconds: number,
  signal?: AbortSignal,
): Promise<number | null> {
  // Half a tick: the limits are rounded to microseconds.
  const from = fromSeconds / video.tickSeconds - 0.5;
  const to = toSeconds / video.tickSeconds - 0.5;
  let count = 0;
  const question = [
    '-select_streams',
    String(video.streamIndex),
    '-show_entries',
    'packet=pts,flags',
    '-of',
    'csv=p=0',
  ];
  const answer = await countingPackets(
    video.path,
    [...question, '-read_intervals', `%${(toSeconds + REORDERING_SECONDS).toFixed(3)}`],
    (line) => {
      const [pts = '', flags = ''] = line.split(',');
      if (!flags.includes('D') && Number(pts) >= from && Number(pts) < to) count++;
    },
    signal,
  );
  return answer === null ? null : count;
}

/** {@link ffprobe}, but `null` instead of an error where it takes too long. */
async function countingPackets(...[path, question, onLine, signal]: Parameters<typeof ffprobe>) {
  try {
    return await ffprobe(path, question, onLine, signal, COUNTING_LIMIT_MS);
  } catch (error) {
    if (error instanceof ProbeTimeoutError) return null;
    throw error;
  }
}

/** Whether ascending stamps stand on one line, with a tick for rounding on either side. */
function isEven(stamps: Float64Array): boolean {
  const first = stamps[0] ?? 0;
  const step = ((stamps.at(-1) ?? 0) - first) / Math.max(stamps.length - 1, 1);
  return stamps.every((stamp, i) => Math.abs(stamp - (first + i * step)) <= 1.5);
}
