import { type Box, type Picture, wholeOf } from './picture.ts';

/** How a pixel is mixed from those around it. */
interface Kernel {
  /** In pixels of the coarser of the two pictures. */
  readonly reach: number;
  weight(distance: number): number;
}

/** Keys' cubic convolution with a = −½ (Keys 1981, equation 15), which Pillow calls bicubic. */
const BICUBIC: Kernel = {
  reach: 2,
  weight(distance) {
    const x = Math.abs(distance);
    if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
    return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
  },
};

const BILINEAR: Kernel = { reach: 1, weight: (distance) => Math.max(0, 1 - Math.abs(distance)) };

export const KERNELS = { bicubic: BICUBIC, bilinear: BILINEAR } as const;
export type KernelName = keyof typeof KERNELS;

/**
 * A rectangle of a picture in another size, as Pillow resizes pictures and so as published models were trained on them: the
 * kernel is widened when the picture shrinks, and each pass is rounded to 8 bits, across first.
 *
 * @see Pillow, `Image.resize` with `box`; torchvision's `Resize` of a PIL image
 */
export function resample(
  picture: Picture,
  size: { readonly width: number; readonly height: number },
  kernel: KernelName = 'bicubic',
  box: Box = wholeOf(picture),
): Picture {
  const across = tapsOf(box.left, box.right, picture.width, size.width, KERNELS[kernel]);
  const down = tapsOf(box.top, box.bottom, picture.height, size.height, KERNELS[kernel]);
  // Only the rows that the second pass looks at.
  const firstRow = Math.min(...down.map(({ first }) => first));
  const lastRow = Math.max(...down.map(({ first, weights }) => first + weights.length));
  const rows = lastRow - firstRow;
  const narrowed = new Uint8ClampedArray(rows * size.width * 3);
  for (let y = 0; y < rows; y++) {
    const row = (firstRow + y) * picture.width;
    mixed(picture.pixels, across, (first) => (row + first) * 3, 3, narrowed, y * size.width * 3, 3);
  }
  const pixels = new Uint8ClampedArray(size.height * size.width * 3);
  for (let x = 0; x < size.width; x++) {
    mixed(
      narrowed,
      down,
      (first) => ((first - firstRow) * size.width + x) * 3,
      size.width * 3,
      pixels,
      x * 3,
      size.width * 3,
    );
  }
  return { ...size, pixels: new Uint8Array(pixels.buffer) };
}

/** Which pixels of a line one pixel of the new line is mixed from. */
interface Taps {
  readonly first: number;
  /** Of the pixels from `first` on; their sum is 1. */
  readonly weights: Float64Array;
}

function tapsOf(from: number, to: number, length: number, wanted: number, { reach, weight }: Kernel): readonly Taps[] {
  const step = (to - from) / wanted;
  const widened = Math.max(1, step);
  const support = reach * widened;
  return Array.from({ length: wanted }, (_, pixel) => {
    const centre = from + (pixel + 0.5) * step;
    const first = Math.max(0, Math.floor(centre - support + 0.5));
    const end = Math.min(length, Math.floor(centre + support + 0.5));
    const weights = Float64Array.from({ length: end - first }, (_, i) => weight((first + i - centre + 0.5) / widened));
    const sum = weights.reduce((total, one) => total + one, 0);
    return { first, weights: weights.map((one) => one / sum) };
  });
}

/** Mixes three channels along one line. Writing into clamped 8 bits rounds. */
function mixed(
  source: Uint8Array | Uint8ClampedArray,
  line: readonly Taps[],
  startOf: (first: number) => number,
  step: number,
  target: Uint8ClampedArray,
  start: number,
  targetStep: number,
): void {
  let to = start;
  for (const { first, weights } of line) {
    let from = startOf(first);
    let [red, green, blue] = [0, 0, 0];
    for (const weight of weights) {
      red += weight * (source[from] ?? 0);
      green += weight * (source[from + 1] ?? 0);
      blue += weight * (source[from + 2] ?? 0);
      from += step;
    }
    target[to] = red;
    target[to + 1] = green;
    target[to + 2] = blue;
    to += targetStep;
  }
}
