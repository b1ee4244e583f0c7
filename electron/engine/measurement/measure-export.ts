import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DEFAULT_VIDEO_EXPORT } from '#contract/video-export.ts';
import { containerOptions, videoCoding } from '../export/video/encoding.ts';
import { writeAnnotatedVideo } from '../export/video/write-annotated-video.ts';
import { findBinary, LOCAL_FILES_ONLY } from '../video/ffmpeg-binaries.ts';
import { frameTiming } from '../video/frame-timing.ts';
import { probeVideo } from '../video/probe.ts';
import { madeUpAnalysis } from './made-up-analysis.ts';
import { median } from './statistics.ts';
import { TemporaryFolder } from './temporary-folder.ts';
import { makeTestVideo, type TestVideo } from './test-video.ts';
import { type Machine, thisMachine } from './this-machine.ts';

/** How fast annotated videos are written. */
export interface ExportBenchmarkReport {
  readonly machine: Machine;
  readonly video: TestVideo;
  /** With everything drawn that there is; median. */
  readonly exportMs: number;
  /** ffmpeg alone, from the same file to the same coding; median. */
  readonly plainMs: number;
  /** Speed in shares of plain ffmpeg's: median of the ratios of neighbouring runs. */
  readonly ratio: number;
}

export interface ExportBenchmarkOptions {
  readonly rounds: number;
  readonly video?: TestVideo;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: string, done: number, total: number) => void;
}

const FULL_HD: TestVideo = { width: 1920, height: 1080, seconds: 10, framesPerSecond: 30 };

/** Writes an annotated video and has plain ffmpeg write the same one in turn, `rounds` times after a first one. */
export async function runExportBenchmark(options: ExportBenchmarkOptions): Promise<ExportBenchmarkReport> {
  const { rounds, signal, video: test = FULL_HD, onStep = () => {} } = options;
  await using folder = await TemporaryFolder.create('patchlight-bench-');
  const source = join(folder.path, 'source.mp4');
  onStep('making a video', 0, 1);
  await makeTestVideo(source, test, signal);
  const video = await probeVideo(source, signal);
  const analysis = madeUpAnalysis(test);
  const pairs: { readonly ours: number; readonly plain: number }[] = [];
  for (let round = 0; round <= rounds; round++) {
    onStep('exporting', round, rounds + 1);
    const target = join(folder.path, 'target.mp4');
    const plain = await timed(() => transcode(source, target, signal));
    const ours = await timed(() =>
      writeAnnotatedVideo(video, analysis, target, 'mp4', DEFAULT_VIDEO_EXPORT, { signal }),
    );
    if (round > 0) pairs.push({ ours, plain });
  }
  return {
    machine: thisMachine(),
    video: test,
    exportMs: median(pairs.map(({ ours }) => ours)),
    plainMs: median(pairs.map(({ plain }) => plain)),
    ratio: median(pairs.map(({ ours, plain }) => plain / ours)),
  };
}

async function transcode(source: string, target: string, signal: AbortSignal | undefined): Promise<void> {
  const input = ['-nostdin', '-loglevel', 'error', ...LOCAL_FILES_ONLY, '-i', source];
  const output = [
    '-map',
    '0:v:0',
    ...(await frameTiming()),
    ...videoCoding('mp4'),
    ...containerOptions('mp4'),
    '-y',
    target,
  ];
  await promisify(execFile)(await findBinary('ffmpeg'), [...input, ...output], { signal });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
