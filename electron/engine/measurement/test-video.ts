import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBinary } from '../video/ffmpeg-binaries.ts';

/** What a measured video is like. */
export interface TestVideo {
  readonly width: number;
  readonly height: number;
  readonly seconds: number;
  readonly framesPerSecond: number;
}

/**
 * Writes an H.264 video of moving patterns with sensor-like noise, so that it is as hard to decode as camera footage.
 *
 * @throws FfmpegMissingError
 */
export async function makeTestVideo(path: string, video: TestVideo, signal?: AbortSignal): Promise<void> {
  const { width, height, seconds, framesPerSecond } = video;
  const pattern = `testsrc2=size=${width}x${height}:rate=${framesPerSecond}:duration=${seconds}`;
  const source = ['-f', 'lavfi', '-i', `${pattern},noise=alls=6:allf=t`];
  const coding = [
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-bf',
    '2',
    '-crf',
    '26',
    '-g',
    '60',
    '-pix_fmt',
    'yuv420p',
  ];
  const args = ['-nostdin', '-loglevel', 'error', ...source, ...coding, '-y', path];
  await promisify(execFile)(await findBinary('ffmpeg'), args, { signal });
}
