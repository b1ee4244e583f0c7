import { type Projected, partStride } from '../scene/projection.ts';
import type { Light, Picture } from './picture.ts';

/** Where parts are drawn: pixels a metre, and the pixel of their origin. */
export interface Placement {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/**
 * Draws round parts with smooth edges, the farther first; a depth for every pixel decides where they cross.
 *
 * @param figure Whether they belong to the figure, and count in its coverage, or hide it.
 */
export function drawRoundParts(
  picture: Picture,
  { count, numbers }: Projected,
  placement: Placement,
  light: Light,
  figure: boolean,
): void {
  const order = Array.from({ length: count }, (_, part) => part * partStride);
  const depth = (at: number) => (numbers[at + 2] ?? 0) + (numbers[at + 6] ?? 0);
  order.sort((a, b) => depth(b) - depth(a));
  for (const at of order) drawRoundPart(picture, numbers, at, placement, light, figure);
}

function drawRoundPart(
  { size, pixels, coverage, regions, depth }: Picture,
  numbers: Float64Array,
  at: number,
  { scale, x, y }: Placement,
  light: Light,
  figure: boolean,
): void {
  const ax = (numbers[at] ?? 0) * scale + x;
  const ay = (numbers[at + 1] ?? 0) * scale + y;
  const az = numbers[at + 2] ?? 0;
  const ar = (numbers[at + 3] ?? 0) * scale;
  const dx = (numbers[at + 4] ?? 0) * scale + x - ax;
  const dy = (numbers[at + 5] ?? 0) * scale + y - ay;
  const dz = (numbers[at + 6] ?? 0) - az;
  const dr = (numbers[at + 7] ?? 0) * scale - ar;
  const red = numbers[at + 8] ?? 0;
  const green = numbers[at + 9] ?? 0;
  const blue = numbers[at + 10] ?? 0;
  const region = numbers[at + 11] ?? 0;
  const reach = Math.max(ar, ar + dr) + 0.5;
  const left = Math.max(0, Math.ceil(Math.min(ax, ax + dx) - reach - 0.5));
  const right = Math.min(size - 1, Math.floor(Math.max(ax, ax + dx) + reach - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(ay, ay + dy) - reach - 0.5));
  const bottom = Math.min(size - 1, Math.floor(Math.max(ay, ay + dy) + reach - 0.5));
  const inverse = 1 / (dx * dx + dy * dy + 1e-9);
  const { x: lx, y: ly, z: lz, ambient, key } = light;

  for (let row = top; row <= bottom; row++) {
    const py = row + 0.5 - ay;
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - ax;
      let t = (px * dx + py * dy) * inverse;
      t = t < 0 ? 0 : t > 1 ? 1 : t;
      const ox = px - t * dx;
      const oy = py - t * dy;
      const r = ar + t * dr;
      const squared = ox * ox + oy * oy;
      if (squared >= (r + 0.5) * (r + 0.5)) continue;
      const distance = Math.sqrt(squared);
      const cover = Math.min(1, r + 0.5 - distance);
      const inside = 1 - squared / (r * r);
      const facing = inside > 0 ? Math.sqrt(inside) : 0;
      const here = az + t * dz - (facing * r) / scale;
      const pixel = row * size + column;
      if (here >= (depth[pixel] ?? 0)) continue;
      const lamp = (ox * lx + oy * ly) / r - facing * lz;
      // Half of the terminator is soft, as under a sky; the rim away from the eye is a little darker.
      const shade = ambient * (0.72 + 0.28 * facing) + (lamp > -0.3 ? key * (lamp + 0.3) : 0);
      const p = 3 * pixel;
      if (cover === 1) {
        pixels[p] = red * shade;
        pixels[p + 1] = green * shade;
        pixels[p + 2] = blue * shade;
        coverage[pixel] = figure ? 1 : 0;
        regions[pixel] = region;
        depth[pixel] = here;
        continue;
      }
      const r0 = pixels[p] ?? 0;
      const g0 = pixels[p + 1] ?? 0;
      const b0 = pixels[p + 2] ?? 0;
      pixels[p] = r0 + cover * (red * shade - r0);
      pixels[p + 1] = g0 + cover * (green * shade - g0);
      pixels[p + 2] = b0 + cover * (blue * shade - b0);
      const was = coverage[pixel] ?? 0;
      if (cover > 0.5 || was === 0) regions[pixel] = region;
      coverage[pixel] = was + cover * ((figure ? 1 : 0) - was);
      if (cover > 0.5) depth[pixel] = here;
    }
  }
}
