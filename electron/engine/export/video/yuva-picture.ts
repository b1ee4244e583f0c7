import type { Yuv } from './colour.ts';

/** A rectangle in pixels; all four even, so that colours, stored at half the resolution, are cut where brightness is. */
export interface EvenBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/**
 * A picture to be laid over a video: brightness `[height, width]`, two colour differences `[height / 2, width / 2]` and opacity
 * `[height, width]`, one after another in {@link bytes} (ffmpeg's yuva420p). Colours are not multiplied by the opacity. Begins
 * transparent.
 */
export class YuvaPicture {
  readonly width: number;
  readonly height: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly y: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  readonly alpha: Uint8Array;

  /** @throws RangeError where a side is odd */
  constructor(width: number, height: number, bytes?: Uint8Array<ArrayBuffer>) {
    if (width % 2 !== 0 || height % 2 !== 0) throw new RangeError(`${width}×${height} has an odd side`);
    const pixels = width * height;
    this.width = width;
    this.height = height;
    this.bytes = bytes ?? new Uint8Array((pixels * 5) / 2);
    this.y = this.bytes.subarray(0, pixels);
    this.u = this.bytes.subarray(pixels, (pixels * 5) / 4);
    this.v = this.bytes.subarray((pixels * 5) / 4, (pixels * 3) / 2);
    this.alpha = this.bytes.subarray((pixels * 3) / 2);
  }

  copy(): YuvaPicture {
    return new YuvaPicture(this.width, this.height, this.bytes.slice());
  }

  /** Puts one colour in the place of whatever is in the box; what lies outside of the picture is cut off. */
  fill(box: EvenBox, [y, u, v]: Yuv, alpha: number): void {
    const left = Math.max(0, box.x);
    const right = Math.min(this.width, box.x + box.width);
    const bottom = Math.min(this.height, box.y + box.height);
    if (left >= right) return;
    for (let row = Math.max(0, box.y); row < bottom; row++) {
      this.y.fill(y, row * this.width + left, row * this.width + right);
      this.alpha.fill(alpha, row * this.width + left, row * this.width + right);
    }
    const half = this.width / 2;
    for (let row = Math.max(0, box.y) / 2; row < bottom / 2; row++) {
      this.u.fill(u, row * half + left / 2, row * half + right / 2);
      this.v.fill(v, row * half + left / 2, row * half + right / 2);
    }
  }

  /** Lays another picture over this one, with its upper left corner at an even place; all of it must lie inside. */
  draw(over: YuvaPicture, x: number, y: number): void {
    if (x % 2 !== 0 || y % 2 !== 0 || x < 0 || y < 0 || x + over.width > this.width || y + over.height > this.height) {
      throw new RangeError(`${over.width}×${over.height} at ${x},${y} does not fit in ${this.width}×${this.height}`);
    }
    // Colours first: they go by the opacities as they were before.
    this.#drawColours(over, x, y);
    for (let row = 0; row < over.height; row++) {
      let to = (y + row) * this.width + x;
      const end = (row + 1) * over.width;
      for (let from = row * over.width; from < end; from++, to++) {
        const above = over.alpha[from] ?? 0;
        if (above === 0) continue;
        const below = ((this.alpha[to] ?? 0) * (255 - above)) / 255;
        const both = above + below;
        this.y[to] = ((over.y[from] ?? 0) * above + (this.y[to] ?? 0) * below) / both + 0.5;
        this.alpha[to] = both + 0.5;
      }
    }
  }

  #drawColours(over: YuvaPicture, x: number, y: number): void {
    const columns = over.width / 2;
    for (let row = 0; row < over.height / 2; row++) {
      for (let column = 0; column < columns; column++) {
        const above = over.#alphaAround(row, column);
        if (above === 0) continue;
        const below = (this.#alphaAround(y / 2 + row, x / 2 + column) * (255 - above)) / 255;
        const from = row * columns + column;
        const to = (y / 2 + row) * (this.width / 2) + x / 2 + column;
        this.u[to] = ((over.u[from] ?? 0) * above + (this.u[to] ?? 0) * below) / (above + below) + 0.5;
        this.v[to] = ((over.v[from] ?? 0) * above + (this.v[to] ?? 0) * below) / (above + below) + 0.5;
      }
    }
  }

  /** Mean opacity of the four pixels that share a colour. */
  #alphaAround(row: number, column: number): number {
    const at = 2 * row * this.width + 2 * column;
    const { alpha, width } = this;
    return ((alpha[at] ?? 0) + (alpha[at + 1] ?? 0) + (alpha[at + width] ?? 0) + (alpha[at + width + 1] ?? 0)) / 4;
  }
}
