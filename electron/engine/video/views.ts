import type { Crop } from '#contract/analysis.ts';

/** One square of a scaled frame. */
export interface CropPlace {
  readonly name: Crop;
  /** `[x, y]` of the crop's upper left pixel in the scaled frame. */
  readonly origin: readonly [x: number, y: number];
}

/** `T` RGB pictures, `[T, height, width, 3]`, 0–255. */
export interface FrameStack {
  readonly width: number;
  readonly height: number;
  readonly frames: Uint8Array;
}

/** Pixels in 0–1 minus `mean`, over `std`, per RGB channel. */
export interface Preprocessing {
  readonly mean: readonly [number, number, number];
  readonly std: readonly [number, number, number];
}

/**
 * Size of a picture whose short side becomes `shortSide`: the other is `floor(long · shortSide / short)`.
 *
 * @see TimeSformer's published code, `datasets/transform.py`: `random_short_side_scale_jitter`
 */
export function scaledSize(width: number, height: number, shortSide: number): { width: number; height: number } {
  return width < height
    ? { width: shortSide, height: Math.floor((height * shortSide) / width) }
    : { width: Math.floor((width * shortSide) / height), height: shortSide };
}

/**
 * The three square crops of a scaled frame: offsets 0, `ceil((L − size) / 2)` and `L − size` along the long side.
 *
 * @throws RangeError where the frame is smaller than the crop
 * @see TimeSformer's published code, `datasets/transform.py`: `uniform_crop`
 */
export function cropOrigins(width: number, height: number, size: number): readonly [CropPlace, CropPlace, CropPlace] {
  const spareX = width - size;
  const spareY = height - size;
  if (spareX < 0 || spareY < 0) throw new RangeError(`a ${width}×${height} frame has no ${size}×${size} crop`);
  const centreX = Math.ceil(spareX / 2);
  const centreY = Math.ceil(spareY / 2);
  return height > width
    ? [
        { name: 'left', origin: [centreX, 0] },
        { name: 'center', origin: [centreX, centreY] },
        { name: 'right', origin: [centreX, spareY] },
      ]
    : [
        { name: 'left', origin: [0, centreY] },
        { name: 'center', origin: [centreX, centreY] },
        { name: 'right', origin: [spareX, centreY] },
      ];
}

/**
 * One view as the model's input: `[3, T, size, size]`, `(p / 255 − mean) / std`.
 *
 * @throws RangeError where the crop leaves the frame
 */
export function viewTensor(
  { width, height, frames }: FrameStack,
  [x0, y0]: CropPlace['origin'],
  size: number,
  preprocessing: Preprocessing,
): Float32Array<ArrayBuffer> {
  if (x0 < 0 || y0 < 0 || x0 + size > width || y0 + size > height) {
    throw new RangeError(`a ${size}×${size} crop at ${x0},${y0} leaves the ${width}×${height} frame`);
  }
  const count = frames.length / (width * height * 3);
  const plane = size * size;
  const tensor = new Float32Array(3 * count * plane);
  for (let channel = 0; channel < 3; channel++) {
    // A pixel has 256 values: normalise those once instead of every pixel.
    const table = normalised(preprocessing.mean[channel] ?? 0, preprocessing.std[channel] ?? 1);
    let to = channel * count * plane;
    for (let frame = 0; frame < count; frame++) {
      for (let y = 0; y < size; y++) {
        let from = ((frame * height + y0 + y) * width + x0) * 3 + channel;
        for (let x = 0; x < size; x++, from += 3) tensor[to++] = table[frames[from] as number] as number;
      }
    }
  }
  return tensor;
}

function normalised(mean: number, std: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, p) => (p / 255 - mean) / std);
}
