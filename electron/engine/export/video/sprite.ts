import { type ColourSpace, toYuv } from './colour.ts';
import type { Drawing } from './drawing.ts';
import { YuvaPicture } from './yuva-picture.ts';

/** A drawing in the colours of a video. Odd sides grow by a transparent pixel. */
export function toSprite(drawing: Drawing, space: ColourSpace): YuvaPicture {
  const even = (side: number) => side + (side % 2);
  const sprite = new YuvaPicture(even(drawing.width), even(drawing.height));
  const columns = sprite.width / 2;
  for (let row = 0; row < sprite.height / 2; row++) {
    for (let column = 0; column < columns; column++) {
      const sum = [0, 0, 0, 0] as [number, number, number, number];
      for (const [dx, dy] of CORNERS) {
        const x = 2 * column + dx;
        const y = 2 * row + dy;
        if (x >= drawing.width || y >= drawing.height) continue;
        const at = (y * drawing.width + x) * 4;
        const alpha = drawing.pixels[at + 3] ?? 0;
        if (alpha === 0) continue;
        const [r, g, b] = [0, 1, 2].map((i) => drawing.pixels[at + i] ?? 0) as [number, number, number];
        sum[0] += r;
        sum[1] += g;
        sum[2] += b;
        sum[3] += alpha;
        const opaque = 255 / alpha;
        sprite.y[y * sprite.width + x] = toYuv([r * opaque, g * opaque, b * opaque], space)[0];
        sprite.alpha[y * sprite.width + x] = alpha;
      }
      const opaque = sum[3] === 0 ? 0 : 255 / sum[3];
      const [, u, v] = toYuv([sum[0] * opaque, sum[1] * opaque, sum[2] * opaque], space);
      sprite.u[row * columns + column] = u;
      sprite.v[row * columns + column] = v;
    }
  }
  return sprite;
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [0, 1],
  [1, 1],
] as const;
