import type { Manifest, Resize } from '#native-models/bundle/manifest.ts';
import { resizeOf, scaledSide } from '#native-models/bundle/preparation.ts';
import type { Preprocessing as Statistics } from '../video/views.ts';
import { type Box, type Picture, wholeOf } from './picture.ts';
import { resample } from './resample.ts';

/**
 * What of an image a model is shown.
 *
 * - `whole`: all of it, squeezed into a square, as the published interpretation tool does: no place is left unexplained.
 * - `model`: as the model was trained and is judged, mostly the middle.
 */
export type ImageFraming = 'whole' | 'model';

/** An image as a model looks at it. */
export interface ImageView {
  /** The square that the model sees. */
  readonly picture: Picture;
  /** Which part of the image it is, in the image's pixels. */
  readonly box: Box;
  /** `[3, side, side]`, normalised. */
  readonly tensor: Float32Array<ArrayBuffer>;
}

const WHOLE: Resize = { mode: 'squash', filter: 'bicubic', cropFraction: 1 };

/** Makes of a picture what a model is given. */
export function prepareImage(picture: Picture, manifest: Manifest, framing: ImageFraming): ImageView {
  const { imageSize } = manifest.architecture;
  const resize = framing === 'whole' ? WHOLE : resizeOf(manifest);
  const box = boxOf(picture, imageSize, resize);
  const view = resample(picture, { width: imageSize, height: imageSize }, resize.filter, box);
  return { picture: view, box, tensor: tensorOf(view, manifest.preprocessing) };
}

/** `[3, height, width]`, `(p / 255 − mean) / std`. */
export function tensorOf({ pixels }: Picture, { mean, std }: Statistics): Float32Array<ArrayBuffer> {
  const plane = pixels.length / 3;
  const tensor = new Float32Array(pixels.length);
  for (let channel = 0; channel < 3; channel++) {
    const table = Float32Array.from({ length: 256 }, (_, p) => (p / 255 - (mean[channel] ?? 0)) / (std[channel] ?? 1));
    for (let at = 0; at < plane; at++) tensor[channel * plane + at] = table[pixels[3 * at + channel] ?? 0] ?? 0;
  }
  return tensor;
}

/**
 * The rectangle that becomes the model's square: an image is scaled so that its short side, or both, have the scaled size, and
 * the middle is cut out. Both at once is one resampling.
 */
export function boxOf({ width, height }: Picture, imageSize: number, { mode, cropFraction }: Resize): Box {
  const scaled = scaledSide(imageSize, { cropFraction });
  const short = Math.min(width, height);
  const [perPixelX, perPixelY] =
    mode === 'squash' ? [width / scaled, height / scaled] : [short / scaled, short / scaled];
  const [across, down] = [imageSize * perPixelX, imageSize * perPixelY];
  const [left, top] = [(width - across) / 2, (height - down) / 2];
  const all = wholeOf({ width, height });
  return {
    left: Math.max(all.left, left),
    top: Math.max(all.top, top),
    right: Math.min(all.right, left + across),
    bottom: Math.min(all.bottom, top + down),
  };
}
