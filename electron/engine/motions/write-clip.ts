import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { UnwritableFileError } from '#contract/errors.ts';
import { scenePainter } from '#native-models/motions/drawing/scene-painter.ts';
import { framesPerSecond, sceneFrames } from '#native-models/motions/scene/clock.ts';
import { sceneOf } from '#native-models/motions/scene/scene.ts';
import type { ClipPlace } from './layout.ts';
import { encodePng } from './png.ts';

export interface ClipFiles {
  readonly ffmpeg: string;
  readonly directory: string;
  /** Pixels of a side. */
  readonly size: number;
  readonly masks: boolean;
  readonly signal: AbortSignal;
}

/**
 * Draws one clip and writes its video and, before it, its mask: where the video is, the clip is complete.
 *
 * @throws UnwritableFileError when there is no room, or no right to write, or the encoder fails.
 */
export async function writeClip(place: ClipPlace, files: ClipFiles): Promise<void> {
  const { directory, size, signal } = files;
  const video = join(directory, place.video);
  const mask = join(directory, place.mask);
  const partial = `${video}.part`;
  try {
    await mkdir(dirname(video), { recursive: true });
    const masks = await encode(place, partial, files);
    if (files.masks) {
      await mkdir(dirname(mask), { recursive: true });
      await writeFile(`${mask}.part`, encodePng('mask', masks, size, sceneFrames * size));
      await rename(`${mask}.part`, mask);
    }
    await rename(partial, video);
  } catch (thrown) {
    await Promise.all([rm(partial, { force: true }), rm(`${mask}.part`, { force: true })]);
    signal.throwIfAborted();
    throw new UnwritableFileError(`${video} cannot be written.`, {
      hint: 'Choose another place, or make room there; what is written already will not be drawn again.',
      detail: String(thrown),
      cause: thrown,
    });
  }
}

/** Sends every frame to ffmpeg. @returns The masks, `[64, size, size]`. */
async function encode({ split, index }: ClipPlace, file: string, files: ClipFiles): Promise<Uint8Array> {
  const { size, signal } = files;
  const ffmpeg = spawn(files.ffmpeg, encoderArguments(size, file), {
    stdio: ['pipe', 'ignore', 'pipe'],
    signal,
    // While it waits for a frame, ffmpeg does not listen to anything milder, and what it has written is removed anyway.
    killSignal: 'SIGKILL',
  });
  const closed = once(ffmpeg, 'close');
  const said = text(ffmpeg.stderr);
  // Why the pipe broke is said on stderr; an abort is told by `closed`.
  ffmpeg.stdin.on('error', () => ffmpeg.stdin.destroy());
  closed.catch(() => {});
  said.catch(() => {});
  try {
    const painter = scenePainter(sceneOf(split, index), size);
    const masks = new Uint8Array(sceneFrames * size * size);
    for (let frame = 0; frame < sceneFrames && !ffmpeg.stdin.destroyed; frame++) {
      const pixels = new Uint8Array(size * size * 3);
      painter.draw(frame, pixels, masks.subarray(frame * size * size, (frame + 1) * size * size));
      if (!ffmpeg.stdin.write(pixels)) await Promise.race([once(ffmpeg.stdin, 'drain'), closed]);
      // Drawing holds the thread; a cancel must get a word in.
      if (frame % 8 === 7) await setImmediate(undefined, { signal });
    }
    ffmpeg.stdin.end();
    const [code] = await closed;
    if (code !== 0) throw new Error(`ffmpeg ended with ${code}: ${await said}`);
    return masks;
  } finally {
    ffmpeg.stdin.destroy();
    ffmpeg.kill('SIGKILL');
  }
}

function encoderArguments(size: number, file: string): string[] {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${size}x${size}`, '-r', String(framesPerSecond)];
  // One thread and no encoder stamp: the same ffmpeg writes the same bytes again.
  const codec = ['-c:v', 'libx264', '-preset', 'fast', '-crf', '18', '-threads', '1', '-flags:v', '+bitexact'];
  const colours = ['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'];
  return [
    ...['-nostdin', '-v', 'error', '-y', ...input, '-i', 'pipe:0'],
    ...['-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p', ...codec, ...colours],
    ...['-fflags', '+bitexact', '-f', 'mp4', file],
  ];
}
