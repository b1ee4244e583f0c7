import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { decodeClips } from '../video/decode.ts';
import { findBinary, LOCAL_FILES_ONLY } from '../video/ffmpeg-binaries.ts';
import { type ClipTiming, type PlannedClip, planClips } from '../video/plan.ts';
import { probeVideo } from '../video/probe.ts';
import { scaledSize } from '../video/views.ts';
import { median } from './statistics.ts';

/** How fast the clips of a video come. */
export interface DecodeTiming {
  readonly clips: number;
  /** All planned clips through our decoder; median. */
  readonly decodeMs: number;
  /** ffmpeg alone, letting as many evenly spaced frames of the same size through to nowhere; median. */
  readonly plainMs: number;
  /** Median of the ratios of neighbouring runs. */
  readonly ratio: number;
}

/** Times both in turn, `rounds` times after a first one that fills the file cache. */
export async function measureDecoding(
  path: string,
  options: ClipTiming & { readonly shortSide: number; readonly rounds: number; readonly signal?: AbortSignal },
): Promise<DecodeTiming> {
  const { shortSide, rounds, signal } = options;
  const video = await probeVideo(path, signal);
  const clips = planClips(video, options);
  const pairs: { readonly ours: number; readonly plain: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    const plain = await timed(() => plainPass(path, clips, scaledSize(video.width, video.height, shortSide), signal));
    const ours = await timed(async () => {
      for await (const _clip of decodeClips(video, clips, { shortSide, signal }));
    });
    if (round > 0) pairs.push({ ours, plain });
  }
  return {
    clips: clips.length,
    decodeMs: median(pairs.map(({ ours }) => ours)),
    plainMs: median(pairs.map(({ plain }) => plain)),
    ratio: median(pairs.map(({ ours, plain }) => ours / plain)),
  };
}

async function plainPass(
  path: string,
  clips: readonly PlannedClip[],
  size: { width: number; height: number },
  signal?: AbortSignal,
): Promise<void> {
  const moments = clips.flatMap(({ sampleSeconds }) => [...sampleSeconds]);
  const seconds = clips.at(-1)?.endSeconds ?? 0;
  const filters = [`fps=${moments.length / seconds}`, `scale=${size.width}:${size.height}`, 'format=rgb24'].join(',');
  const input = ['-nostdin', '-loglevel', 'error', ...LOCAL_FILES_ONLY, '-i', path];
  const output = ['-map', '0:v:0', '-t', String(seconds), '-vf', filters, '-f', 'rawvideo', '-y', NOWHERE];
  await promisify(execFile)(await findBinary('ffmpeg'), [...input, ...output], { signal });
}

const NOWHERE = process.platform === 'win32' ? 'NUL' : '/dev/null';

async function timed(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
