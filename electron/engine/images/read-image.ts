import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { EmptyFileError, FileNotFoundError, ImageTooLargeError } from '#contract/errors.ts';
import { imageFailure } from './image-failure.ts';
import { libvips } from './libvips.ts';
import type { Picture } from './picture.ts';

/** An image as people see it. */
export interface SourceImage {
  readonly path: string;
  /** `jpeg`, `png`, `webp`, `heif` (AVIF), `tiff`, `gif`. */
  readonly format: string;
  /** Upright, in pixels of the file. */
  readonly width: number;
  readonly height: number;
  /** Of an animation, or a document of many pages; the first is shown. */
  readonly pages: number;
  /** The image itself, or smaller where it has more than {@link MOST_KEPT_PIXELS}. */
  readonly picture: Picture;
}

/** Files are read whole before anything in them is believed. */
export const MOST_BYTES = 2 ** 28;
/** 16384 × 8192. More would rather be made to fill the memory; decoded, it takes 400 MB at most. */
const MOST_PIXELS = 2 ** 27;
/** 16.8 megapixels, 50 MB: more than a model looks at, and enough for a figure. */
const MOST_KEPT_PIXELS = 2 ** 24;

export interface ReadImageOptions {
  readonly signal?: AbortSignal | undefined;
  readonly mostKeptPixels?: number;
}

/**
 * Reads an image: turned as EXIF says, colours as sRGB whatever they were (CMYK, grey, palette, 16 bit, another profile),
 * on white where it is transparent, and of an animation the first picture.
 *
 * @throws FileNotFoundError, EmptyFileError
 * @throws NotAnImageError when the file is none that is read, ImageKindError for HEIC, ImageUnreadableError when it is damaged
 *   or cut off, ImageTooLargeError
 * @throws the signal's reason
 */
export async function readImage(
  path: string,
  { signal, mostKeptPixels = MOST_KEPT_PIXELS }: ReadImageOptions = {},
): Promise<SourceImage> {
  const bytes = await bytesOf(path, signal);
  const sharp = await libvips();
  try {
    const options = { failOn: 'error', limitInputPixels: MOST_PIXELS, pages: 1 } as const;
    const { format, autoOrient, pages = 1 } = await sharp(bytes, options).metadata();
    signal?.throwIfAborted();
    const { width, height } = autoOrient;
    const kept = sizeWithin(width, height, mostKeptPixels);
    const upright = sharp(bytes, options).autoOrient().toColourspace('srgb').flatten({ background: '#ffffff' });
    if (kept.width !== width || kept.height !== height) upright.resize({ ...kept, fit: 'fill', kernel: 'cubic' });
    const { data, info } = await upright.removeAlpha().raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
    signal?.throwIfAborted();
    if (info.channels !== 3) throw new Error(`${info.channels} channels instead of three`);
    return { path, format, width, height, pages, picture: { width: info.width, height: info.height, pixels: data } };
  } catch (thrown) {
    signal?.throwIfAborted();
    throw imageFailure(path, bytes, thrown);
  }
}

/** The size of the same shape with no more than so many pixels; at least one each way. */
export function sizeWithin(width: number, height: number, most: number): { width: number; height: number } {
  if (width * height <= most) return { width, height };
  const shrink = Math.sqrt(most / (width * height));
  const short = Math.max(1, Math.floor(Math.min(width, height) * shrink));
  const long = Math.max(1, Math.min(Math.floor(Math.max(width, height) * shrink), Math.floor(most / short)));
  return width < height ? { width: short, height: long } : { width: long, height: short };
}

async function bytesOf(path: string, signal?: AbortSignal): Promise<Buffer> {
  const name = basename(path);
  try {
    await using file = await open(path);
    const info = await file.stat();
    if (!info.isFile())
      throw new FileNotFoundError(`${path} is no file.`, { hint: 'Give an image, or a folder of them.' });
    if (info.size === 0) throw new EmptyFileError(`${name} is empty.`, { hint: 'Copy or download it again.' });
    if (info.size > MOST_BYTES) {
      throw new ImageTooLargeError(
        `${name} has ${Math.round(info.size / 2 ** 20)} MB; ${MOST_BYTES / 2 ** 20} are read at most.`,
        {
          hint: 'Save it smaller, or as JPEG.',
        },
      );
    }
    return await file.readFile({ signal });
  } catch (thrown) {
    signal?.throwIfAborted();
    const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
    if (code !== 'ENOENT' && code !== 'ENOTDIR' && code !== 'EACCES' && code !== 'EISDIR') throw thrown;
    throw new FileNotFoundError(`There is no readable file at ${path}.`, { hint: 'Check the path.', cause: thrown });
  }
}
