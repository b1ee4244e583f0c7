import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rename, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { render } from './render.ts';
import { format, type Sample } from './scene.ts';

/** Where a sample lies in the repository. */
export function samplePath({ name }: Sample): string {
  return fileURLToPath(new URL(`${name}.mp4`, import.meta.url));
}

/** Draws every frame of `sample` and writes it to its place as H.264; calls `onFrame` with the number drawn so far. */
export async function encodeSample(sample: Sample, onFrame: (drawn: number) => void): Promise<void> {
  const file = samplePath(sample);
  const unfinished = `${file}.part`;
  const colours = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'];
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${format.width}x${format.height}`];
  // One thread and no encoder stamp, so that the same ffmpeg writes the same bytes again.
  const codec = ['-c:v', 'libx264', '-preset', 'veryslow', '-crf', '21', '-threads', '1', '-flags:v', '+bitexact'];
  const ffmpeg = spawn(
    process.env.FFMPEG_PATH ?? 'ffmpeg',
    [
      ...['-nostdin', '-v', 'error', '-y', ...input, '-r', String(format.framesPerSecond), '-i', 'pipe:0'],
      ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p', ...codec, ...colours],
      ...['-movflags', '+faststart', '-fflags', '+bitexact', '-f', 'mp4', unfinished],
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  const closed = once(ffmpeg, 'close');
  try {
    // ffmpeg says itself why it stopped; without this, the broken pipe would drown that out.
    ffmpeg.stdin.on('error', () => ffmpeg.stdin.destroy());
    for (let index = 0; index < sample.frames && !ffmpeg.stdin.destroyed; index++) {
      const frame = render(sample.at(index), format.width, format.height);
      if (!ffmpeg.stdin.write(frame)) await Promise.race([once(ffmpeg.stdin, 'drain'), closed]);
      onFrame(index + 1);
    }
    ffmpeg.stdin.end();
    const [code] = await closed;
    if (code !== 0) throw new Error(`ffmpeg ended with ${code}`);
    await rename(unfinished, file);
  } finally {
    ffmpeg.kill();
    await rm(unfinished, { force: true });
  }
}
