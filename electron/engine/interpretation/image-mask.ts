import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DataSetInvalidError } from '#contract/errors.ts';
import type { ImageView } from '../images/prepare-image.ts';
import { readImage, type SourceImage } from '../images/read-image.ts';

/** A pixel is foreground from here on. */
const LIGHT = 128;

/**
 * Reads the mask of an image: an image as large, light where the object is.
 *
 * @returns `[side, side]` of 0 and 1 for what the model saw, each pixel that of the mask at its centre; null where there is no
 *   such file.
 * @throws DataSetInvalidError when it is not as large as the image; what {@link readImage} throws
 */
export async function readImageMask(
  path: string,
  { width, height, picture }: SourceImage,
  { box, picture: { width: side } }: ImageView,
  signal?: AbortSignal,
): Promise<Uint8Array | null> {
  if (!(await stat(path).catch(() => null))?.isFile()) return null;
  const mask = await readImage(path, { signal });
  if (mask.width !== width || mask.height !== height) {
    throw new DataSetInvalidError(
      `The mask ${basename(path)} has ${mask.width}×${mask.height} pixels, and its image ${width}×${height}.`,
      { hint: 'A mask is as large as its image, and white where the object is.' },
    );
  }
  const scaleX = mask.picture.width / picture.width;
  const scaleY = mask.picture.height / picture.height;
  const at = (from: number, to: number, pixel: number, scale: number) =>
    Math.floor((from + ((pixel + 0.5) * (to - from)) / side) * scale);
  const columns = Array.from({ length: side }, (_, x) => at(box.left, box.right, x, scaleX));
  const seen = new Uint8Array(side * side);
  for (let y = 0; y < side; y++) {
    const row = at(box.top, box.bottom, y, scaleY) * mask.picture.width;
    for (const [x, column] of columns.entries()) {
      seen[y * side + x] = (mask.picture.pixels[3 * (row + column)] ?? 0) >= LIGHT ? 1 : 0;
    }
  }
  return seen;
}
