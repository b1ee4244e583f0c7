import type { Outline } from '../outlines/outline.ts';

/** How much of each pixel of a rectangle is covered. */
export interface Coverage {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** `[height, width]`, 0–1. */
  readonly shares: Float32Array;
}

/**
 * How much of each pixel of a picture of `size`×`size` an outline covers, exactly: each edge adds what lies to its right
 * to the rows it crosses, and sums along the rows give the areas (as in font rasterisers, Levien's font-rs).
 *
 * @param outline In pixels.
 */
export function coverageOf(outline: Outline, size: number): Coverage {
  let [left, top, right, bottom] = [size, size, 0, 0];
  for (const contour of outline) {
    for (let i = 0; i < contour.length; i += 2) {
      const [x, y] = [contour[i] ?? 0, contour[i + 1] ?? 0];
      left = Math.min(left, Math.floor(x));
      right = Math.max(right, Math.ceil(x));
      top = Math.min(top, Math.floor(y));
      bottom = Math.max(bottom, Math.ceil(y));
    }
  }
  left = Math.max(0, left);
  top = Math.max(0, top);
  const width = Math.max(0, Math.min(size, right) - left);
  const height = Math.max(0, Math.min(size, bottom) - top);
  if (width === 0 || height === 0) return { left, top, width: 0, height: 0, shares: new Float32Array() };
  // What an edge adds beyond the last pixel of a row goes into two more.
  const sums = new EdgeSums(width, height);
  for (const contour of outline) {
    for (let i = 0; i < contour.length; i += 2) {
      const next = (i + 2) % contour.length;
      const [x, y, x1, y1] = [contour[i] ?? 0, contour[i + 1] ?? 0, contour[next] ?? 0, contour[next + 1] ?? 0];
      sums.add(x - left, y - top, x1 - left, y1 - top);
    }
  }
  return { left, top, width, height, shares: sums.shares() };
}

class EdgeSums {
  readonly #width: number;
  readonly #height: number;
  readonly #stride: number;
  readonly #sums: Float32Array;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#stride = width + 2;
    this.#sums = new Float32Array(this.#stride * height);
  }

  add(fromX: number, fromY: number, toX: number, toY: number): void {
    if (fromY === toY) return;
    const down = fromY < toY;
    const [startX, startY, endX, endY] = down ? [fromX, fromY, toX, toY] : [toX, toY, fromX, fromY];
    const slope = (endX - startX) / (endY - startY);
    const last = Math.min(this.#height, Math.ceil(endY));
    const limit = this.#width;
    for (let row = Math.max(0, Math.floor(startY)); row < last; row++) {
      const [y0, y1] = [Math.max(row, startY), Math.min(row + 1, endY)];
      const a = Math.min(limit, Math.max(0, startX + (y0 - startY) * slope));
      const b = Math.min(limit, Math.max(0, startX + (y1 - startY) * slope));
      const height = down ? y1 - y0 : y0 - y1;
      this.#addRow(row * this.#stride, height, a < b ? a : b, a < b ? b : a);
    }
  }

  /** An edge that goes from `x0` to `x1`, not before it, while it gets `height` down a row. */
  #addRow(row: number, height: number, x0: number, x1: number): void {
    const sums = this.#sums;
    const first = Math.floor(x0);
    if (x1 <= first + 1) {
      const middle = 0.5 * (x0 + x1) - first;
      sums[row + first] = (sums[row + first] ?? 0) + height * (1 - middle);
      sums[row + first + 1] = (sums[row + first + 1] ?? 0) + height * middle;
      return;
    }
    // What of each pixel is to the right of the edge; the sums are differences of it.
    const perPixel = height / (x1 - x0);
    let before = 0;
    for (let x = first; x < x1 + 1; x++) {
      const [enter, leave] = [Math.max(x0, x), Math.min(x1, x + 1)];
      const inside = enter < leave ? (leave - enter) * (x + 1 - 0.5 * (enter + leave)) : 0;
      const area = perPixel * (inside + Math.max(0, Math.min(x1, x) - x0));
      sums[row + x] = (sums[row + x] ?? 0) + area - before;
      before = area;
    }
  }

  shares(): Float32Array {
    const shares = new Float32Array(this.#width * this.#height);
    for (let row = 0, at = 0; row < this.#height; row++) {
      let sum = 0;
      for (let x = 0; x < this.#width; x++, at++) {
        sum += this.#sums[row * this.#stride + x] ?? 0;
        shares[at] = Math.min(1, Math.abs(sum));
      }
    }
    return shares;
  }
}
