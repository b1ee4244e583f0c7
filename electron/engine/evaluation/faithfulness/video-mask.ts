import { execFile } from 'node:child_process';
import { open, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { DataSetInvalidError } from '#contract/errors.ts';
import type { DecodedClip } from '../../video/decode.ts';
import { findBinary, LOCAL_FILES_ONLY } from '../../video/ffmpeg-binaries.ts';
import type { CropPlace } from '../../video/views.ts';

/** Where the actor is in every frame of a video. */
export interface VideoMask {
  readonly path: string;
  /** As the video is displayed. */
  readonly width: number;
  readonly height: number;
  /** `[frames, height, width]`; 128 and more is foreground. */
  readonly pixels: Uint8Array;
}

const PNG_SIGNATURE = '89504e470d0a1a0a';
/** Signature, length and type of the first chunk, width, height. */
const PNG_HEAD_BYTES = 24;
/** 64 frames of 2048×2048; more would rather be made to fill the memory. */
const MOST_PIXELS = 2 ** 28;

/**
 * Reads masks as `patchlight motions` writes them: a PNG with the masks of all frames one below the other, each as large
 * as the video, white where the actor is.
 *
 * @returns null where there is no such file.
 * @throws DataSetInvalidError when there is one, and it is none that fits the video.
 * @throws FfmpegMissingError, the signal's reason
 */
export async function readVideoMask(
  path: string,
  video: { readonly width: number; readonly height: number },
  signal?: AbortSignal,
): Promise<VideoMask | null> {
  if (!(await stat(path).catch(() => null))?.isFile()) return null;
  const size = await pngSize(path);
  if (size === null) throw unfit(path, 'is no PNG');
  const { width, height } = video;
  const fits = size.width === width && size.height > 0 && size.height % height === 0;
  if (!fits || size.width * size.height > MOST_PIXELS) {
    throw unfit(path, `is ${size.width}×${size.height} pixels, which are no masks of ${width}×${height} frames`);
  }
  const pixels = await greyPixels(path, size.width * size.height, signal).catch((cause: unknown) => {
    signal?.throwIfAborted();
    throw unfit(path, 'cannot be decoded', cause);
  });
  return { path, width, height, pixels };
}

/**
 * What of a mask lies in one view.
 *
 * @returns `[frames, side, side]` of 0 and 1; each pixel that of the mask at its centre.
 * @throws DataSetInvalidError when the mask has fewer frames than the video.
 */
export function maskOfView(
  { path, width, height, pixels }: VideoMask,
  clip: Pick<DecodedClip, 'width' | 'height' | 'frameIndices'>,
  [left, top]: CropPlace['origin'],
  side: number,
): Uint8Array {
  const plane = width * height;
  const frames = pixels.length / plane;
  const view = new Uint8Array(clip.frameIndices.length * side * side);
  const columns = Array.from({ length: side }, (_, x) => Math.floor(((left + x + 0.5) * width) / clip.width));
  let at = 0;
  for (const frame of clip.frameIndices) {
    if (frame >= frames) throw unfit(path, `has masks of ${frames} frames, and the video shows more`);
    for (let y = 0; y < side; y++) {
      const row = frame * plane + Math.floor(((top + y + 0.5) * height) / clip.height) * width;
      for (const column of columns) view[at++] = (pixels[row + column] ?? 0) >= 128 ? 1 : 0;
    }
  }
  return view;
}

async function pngSize(path: string): Promise<{ readonly width: number; readonly height: number } | null> {
  await using file = await open(path);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(PNG_HEAD_BYTES), 0, PNG_HEAD_BYTES, 0);
  if (bytesRead < PNG_HEAD_BYTES || buffer.toString('hex', 0, 8) !== PNG_SIGNATURE) return null;
  return { width: buffer.readUInt32BE(16), height: buffer.readUInt32BE(20) };
}

async function greyPixels(path: string, count: number, signal?: AbortSignal): Promise<Uint8Array> {
  const input = ['-nostdin', '-loglevel', 'error', ...LOCAL_FILES_ONLY, '-f', 'png_pipe', '-i', path];
  const output = ['-frames:v', '1', '-f', 'rawvideo', '-pix_fmt', 'gray', 'pipe:1'];
  const { stdout } = await promisify(execFile)(await findBinary('ffmpeg'), [...input, ...output], {
    encoding: 'buffer',
    maxBuffer: count + 1,
    signal,
  });
  if (stdout.length !== count) throw new Error(`${stdout.length} pixels instead of ${count}`);
  return stdout;
}

function unfit(path: string, what: string, cause?: unknown): DataSetInvalidError {
  return new DataSetInvalidError(`The mask ${path} ${what}.`, {
    hint: 'A mask is a PNG as wide as the video, with the masks of all its frames one below the other.',
    ...(cause === undefined ? {} : { detail: String(cause), cause }),
  });
}
