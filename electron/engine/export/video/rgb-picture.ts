import { encodePng } from '../../motions/png.ts';
import { type ColourSpace, type Rgb, toRgb } from './colour.ts';
import type { YuvaPicture } from './yuva-picture.ts';

/** A picture as screens show it: `[height, width, 3]`, 0–255. */
export class RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;

  constructor(width: number, height: number, pixels: Uint8Array = new Uint8Array(width * height * 3)) {
    this.width = width;
    this.height = height;
    this.pixels = pixels;
  }

  /** A copy of the upper left part. */
  cropped(width: number, height: number): RgbPicture {
    const part = new RgbPicture(width, height);
    for (let row = 0; row < height; row++) {
      const from = row * this.width * 3;
      part.pixels.set(this.pixels.subarray(from, from + width * 3), row * width * 3);
    }
    return part;
  }

  /** Lays annotations over it, as ffmpeg lays them over the video. */
  layOver({ width, height, y, u, v, alpha }: YuvaPicture, space: ColourSpace): void {
    const { pixels } = this;
    // Neighbours mostly have the same colour.
    let [lastY, lastU, lastV] = [-1, -1, -1];
    let over: Rgb = [0, 0, 0];
    for (let row = 0; row < height; row++) {
      for (let column = 0; column < width; column++) {
        const i = row * width + column;
        const above = (alpha[i] ?? 0) / 255;
        if (above === 0) continue;
        const shared = (row >> 1) * (width >> 1) + (column >> 1);
        if (y[i] !== lastY || u[shared] !== lastU || v[shared] !== lastV) {
          [lastY, lastU, lastV] = [y[i] ?? 0, u[shared] ?? 0, v[shared] ?? 0];
          over = toRgb([lastY, lastU, lastV], space);
        }
        const at = 3 * i;
        pixels[at] = (pixels[at] ?? 0) * (1 - above) + over[0] * above + 0.5;
        pixels[at + 1] = (pixels[at + 1] ?? 0) * (1 - above) + over[1] * above + 0.5;
        pixels[at + 2] = (pixels[at + 2] ?? 0) * (1 - above) + over[2] * above + 0.5;
      }
    }
  }

  /** Another one of the same height at its right. */
  beside(right: RgbPicture): RgbPicture {
    const both = new RgbPicture(this.width + right.width, this.height);
    for (let row = 0; row < this.height; row++) {
      const to = row * both.width * 3;
      both.pixels.set(this.pixels.subarray(row * this.width * 3, (row + 1) * this.width * 3), to);
      both.pixels.set(right.pixels.subarray(row * right.width * 3, (row + 1) * right.width * 3), to + this.width * 3);
    }
    return both;
  }

  /** The same in so many pixels that the longer side has `longSide` at most; each is the mean of those that it stands for. */
  shrunk(longSide: number): RgbPicture {
    const scale = longSide / Math.max(this.width, this.height);
    if (scale >= 1) return this;
    const small = new RgbPicture(
      Math.max(1, Math.round(this.width * scale)),
      Math.max(1, Math.round(this.height * scale)),
    );
    for (let row = 0; row < small.height; row++) {
      const [top, bottom] = stretch(row, small.height, this.height);
      for (let column = 0; column < small.width; column++) {
        const [left, right] = stretch(column, small.width, this.width);
        this.#mean(left, top, right, bottom, small.pixels, 3 * (row * small.width + column));
      }
    }
    return small;
  }

  png(): Uint8Array {
    return encodePng('rgb', this.pixels, this.width, this.height);
  }

  #mean(left: number, top: number, right: number, bottom: number, to: Uint8Array, at: number): void {
    let [red, green, blue] = [0, 0, 0];
    for (let y = top; y < bottom; y++) {
      for (let from = 3 * (y * this.width + left); from < 3 * (y * this.width + right); from += 3) {
        red += this.pixels[from] ?? 0;
        green += this.pixels[from + 1] ?? 0;
        blue += this.pixels[from + 2] ?? 0;
      }
    }
    const count = (right - left) * (bottom - top);
    to[at] = Math.round(red / count);
    to[at + 1] = Math.round(green / count);
    to[at + 2] = Math.round(blue / count);
  }
}

/** Which of `from` pixels one of `to` stands for. */
function stretch(index: number, to: number, from: number): readonly [number, number] {
  const begin = Math.floor((index * from) / to);
  return [begin, Math.max(begin + 1, Math.floor(((index + 1) * from) / to))];
}
