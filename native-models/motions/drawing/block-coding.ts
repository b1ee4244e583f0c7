/**
 * Loses what an encoder at a low rate loses: the luma of each 8×8 block is transformed (Walsh-Hadamard), its higher
 * frequencies quantised the more coarsely, and transformed back. The chroma stays.
 *
 * @param pixels `[size, size, 3]`, changed in place; what is left over beside whole blocks stays as it is.
 * @param step Quantiser of the lowest frequencies, levels of 0–255.
 */
export function blockTransformCoding(pixels: Uint8ClampedArray, size: number, step: number): void {
  const luma = new Int32Array(64);
  const coded = new Int32Array(64);
  const steps = Int32Array.from({ length: 64 }, (_, i) => {
    const frequency = changes(i & 7) + changes(i >> 3);
    // Luma is kept in quarters of a level and the transform multiplies by 8 in the mean. The mean of a block itself is
    // kept well, or the picture would flicker.
    return Math.round(4 * 8 * (i === 0 ? 1 : step * (0.25 + 0.2 * frequency)));
  });
  for (let top = 0; top + 8 <= size; top += 8) {
    for (let left = 0; left + 8 <= size; left += 8) {
      codeBlock(pixels, 3 * (top * size + left), 3 * size, luma, coded, steps);
    }
  }
}

function codeBlock(
  pixels: Uint8ClampedArray,
  start: number,
  row: number,
  luma: Int32Array,
  coded: Int32Array,
  steps: Int32Array,
): void {
  for (let i = 0; i < 64; i++) {
    const at = start + (i >> 3) * row + 3 * (i & 7);
    const y = (pixels[at] ?? 0) + 2 * (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0);
    luma[i] = y;
    coded[i] = y;
  }
  hadamard(coded);
  for (let i = 0; i < 64; i++) {
    const step = steps[i] ?? 1;
    const value = coded[i] ?? 0;
    // To the nearest multiple; most are nearer to none than half a step.
    if (value < step && -value < step) coded[i] = 2 * value > step ? step : 2 * value < -step ? -step : 0;
    else coded[i] = Math.round(value / step) * step;
  }
  hadamard(coded);
  for (let i = 0; i < 64; i++) {
    const at = start + (i >> 3) * row + 3 * (i & 7);
    // By 64 for the two transforms and by 4 for the quarters.
    const off = ((coded[i] ?? 0) - ((luma[i] ?? 0) << 6) + 128) >> 8;
    pixels[at] = (pixels[at] ?? 0) + off;
    pixels[at + 1] = (pixels[at + 1] ?? 0) + off;
    pixels[at + 2] = (pixels[at + 2] ?? 0) + off;
  }
}

/** Along rows and columns, in place; twice gives 64 times the input. */
function hadamard(values: Int32Array): void {
  for (let width = 1; width < 64; width *= 2) {
    for (let group = 0; group < 64; group += 2 * width) {
      for (let i = group; i < group + width; i++) {
        const a = values[i] ?? 0;
        const b = values[i + width] ?? 0;
        values[i] = a + b;
        values[i + width] = a - b;
      }
    }
  }
}

/** How often row `index` of the 8×8 transform changes its sign: its frequency. */
function changes(index: number): number {
  const odd = (bits: number) => (bits ^ (bits >> 1) ^ (bits >> 2)) & 1;
  let count = 0;
  for (let column = 1; column < 8; column++) count += odd(index & column) ^ odd(index & (column - 1));
  return count;
}
