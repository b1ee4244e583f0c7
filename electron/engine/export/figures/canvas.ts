import type { Rgb } from '#contract/overlay/viridis.ts';
import { encodePng } from '../../motions/png.ts';
import type { FrameStack } from '../../video/views.ts';

const BACKGROUND = 255;

/** A picture that others are put together in: RGB, white where nothing is. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`, 0–255. */
  readonly pixels: Uint8Array;

  constructor(width: number, height: number) {
    this.width = width;
    this.height = height;
    this.pixels = new Uint8Array(width * height * 3).fill(BACKGROUND);
  }

  /** Puts one picture of a stack with its upper left corner at `x`, `y`; it has to fit. */
  picture({ width, height, frames }: FrameStack, index: number, x: number, y: number): void {
    const row = width * 3;
    const from = index * height * row;
    for (let line = 0; line < height; line++) {
      this.pixels.set(frames.subarray(from + line * row, from + (line + 1) * row), ((y + line) * this.width + x) * 3);
    }
  }

  /** Mixes a colour into the rectangle up to, and without, `right` and `bottom`. */
  tint(colour: Rgb, opacity: number, left: number, top: number, right: number, bottom: number): void {
    const [red, green, blue] = colour;
    for (let y = Math.max(0, top); y < Math.min(bottom, this.height); y++) {
      for (let x = Math.max(0, left); x < Math.min(right, this.width); x++) {
        const at = (y * this.width + x) * 3;
        this.#mix(at, red, opacity);
        this.#mix(at + 1, green, opacity);
        this.#mix(at + 2, blue, opacity);
      }
    }
  }

  png(): Uint8Array {
    return encodePng('rgb', this.pixels, this.width, this.height);
  }

  #mix(at: number, value: number, opacity: number): void {
    this.pixels[at] = Math.round((this.pixels[at] ?? 0) * (1 - opacity) + value * opacity);
  }
}
