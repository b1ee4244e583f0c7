import type { Colour } from '../body/figure.ts';
import type { Picture } from './picture.ts';

/**
 * Draws a convex polygon over everything, with smooth edges.
 *
 * @param corners x, y of each corner in pixels, clockwise as seen.
 */
export function drawPolygon({ size, pixels, coverage }: Picture, corners: readonly number[], colour: Colour): void {
  const sides = corners.length / 2;
  const edges = new Float64Array(sides * 3);
  let [left, top, right, bottom] = [size, size, -1, -1];
  for (let i = 0; i < sides; i++) {
    const x = corners[2 * i] ?? 0;
    const y = corners[2 * i + 1] ?? 0;
    const next = (i + 1) % sides;
    const dx = (corners[2 * next] ?? 0) - x;
    const dy = (corners[2 * next + 1] ?? 0) - y;
    const length = Math.sqrt(dx * dx + dy * dy) + 1e-9;
    edges[3 * i] = -dy / length;
    edges[3 * i + 1] = dx / length;
    edges[3 * i + 2] = (dy * x - dx * y) / length;
    left = Math.min(left, x - 1);
    right = Math.max(right, x + 1);
    top = Math.min(top, y - 1);
    bottom = Math.max(bottom, y + 1);
  }
  for (let row = Math.max(0, Math.floor(top)); row < Math.min(size, bottom); row++) {
    for (let column = Math.max(0, Math.floor(left)); column < Math.min(size, right); column++) {
      let inside = 0.5;
      for (let i = 0; i < sides * 3; i += 3) {
        const distance = (edges[i] ?? 0) * (column + 0.5) + (edges[i + 1] ?? 0) * (row + 0.5) + (edges[i + 2] ?? 0);
        if (distance < inside) inside = distance;
      }
      const cover = inside + 0.5;
      if (cover <= 0) continue;
      const pixel = row * size + column;
      for (let c = 0; c < 3; c++) {
        const here = pixels[3 * pixel + c] ?? 0;
        pixels[3 * pixel + c] = here + cover * ((colour[c] ?? 0) - here);
      }
      coverage[pixel] = (coverage[pixel] ?? 0) * (1 - cover);
    }
  }
}
