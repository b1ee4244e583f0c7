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
  for (let row = 0; row < 64; row += 8) hadamard8(values, row, 1);
  for (let column = 0; column < 8; column++) hadamard8(values, column, 8);
}

/** Eight values, `step` apart; written out, since it runs for every row and column of every block. */
function hadamard8(values: Int32Array, start: number, step: number): void {
  const i1 = start + step;
  const i2 = start + 2 * step;
  const i3 = start + 3 * step;
  const i4 = start + 4 * step;
  const i5 = start + 5 * step;
  const i6 = start + 6 * step;
  const i7 = start + 7 * step;
  const v0 = values[start] ?? 0;
  const v1 = values[i1] ?? 0;
  const v2 = values[i2] ?? 0;
  const v3 = values[i3] ?? 0;
  const v4 = values[i4] ?? 0;
  const v5 = values[i5] ?? 0;
  const v6 = values[i6] ?? 0;
  const v7 = values[i7] ?? 0;
  const a0 = v0 + v1;
  const a1 = v0 - v1;
  const a2 = v2 + v3;
  const a3 = v2 - v3;
  const a4 = v4 + v5;
  const a5 = v4 - v5;
  const a6 = v6 + v7;
  const a7 = v6 - v7;
  const b0 = a0 + a2;
  const b1 = a1 + a3;
  const b2 = a0 - a2;
  const b3 = a1 - a3;
  const b4 = a4 + a6;
  const b5 = a5 + a7;
  const b6 = a4 - a6;
  const b7 = a5 - a7;
  values[start] = b0 + b4;
  values[i1] = b1 + b5;
  values[i2] = b2 + b6;
  values[i3] = b3 + b7;
  values[i4] = b0 - b4;
  values[i5] = b1 - b5;
  values[i6] = b2 - b6;
  values[i7] = b3 - b7;
}

/** How often row `index` of the 8×8 transform changes its sign: its frequency. */
function changes(index: number): number {
  const odd = (bits: number) => (bits ^ (bits >> 1) ^ (bits >> 2)) & 1;
  let count = 0;
  for (let column = 1; column < 8; column++) count += odd(index & column) ^ odd(index & (column - 1));
  return count;
}
