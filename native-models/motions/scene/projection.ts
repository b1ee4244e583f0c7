import { bodyRegions, type Part } from '../body/figure.ts';
import { cosine, sine } from '../sine.ts';

/**
 * Parts as a camera far away sees them, flat: twelve numbers a part, {@link partStride}: x, y, depth and radius of both
 * ends, then red, green, blue, and the region of the body, counted from 1, or 0 for what is no body. In metres, x to the right, y down, depth away from the camera; the origin is where the
 * clip's figure starts on the floor.
 */
export interface Projected {
  readonly count: number;
  readonly numbers: Float64Array;
}

export const partStride = 12;

/** @param elevation Radians from which the camera looks down. */
export function project(parts: readonly Part[], elevation: number): Projected {
  const [c, s] = [cosine(elevation), sine(elevation)];
  const numbers = new Float64Array(parts.length * partStride);
  let at = 0;
  for (const { from, to, fromRadius, toRadius, colour, region } of parts) {
    numbers[at] = from[0];
    numbers[at + 1] = -(from[1] * c + from[2] * s);
    numbers[at + 2] = from[2] * c - from[1] * s;
    numbers[at + 3] = fromRadius;
    numbers[at + 4] = to[0];
    numbers[at + 5] = -(to[1] * c + to[2] * s);
    numbers[at + 6] = to[2] * c - to[1] * s;
    numbers[at + 7] = toRadius;
    numbers[at + 8] = colour[0];
    numbers[at + 9] = colour[1];
    numbers[at + 10] = colour[2];
    numbers[at + 11] = region === null ? 0 : 1 + bodyRegions.indexOf(region);
    at += partStride;
  }
  return { count: parts.length, numbers };
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The smallest box around all `parts`. */
export function boxAround({ count, numbers }: Projected): Box {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let end = 0; end < 2 * count; end++) {
    const at = (end >> 1) * partStride + 4 * (end & 1);
    const x = numbers[at] ?? 0;
    const y = numbers[at + 1] ?? 0;
    const r = numbers[at + 3] ?? 0;
    left = Math.min(left, x - r);
    right = Math.max(right, x + r);
    top = Math.min(top, y - r);
    bottom = Math.max(bottom, y + r);
  }
  return { left, top, right, bottom };
}

const cellsPerMetre = 22;
const cellsAcross = 80;

/** Square metres that `parts` cover in the picture, counted on a grid. */
export function coveredArea({ count, numbers }: Projected, box: Box): number {
  const covered = new Uint8Array(cellsAcross * cellsAcross);
  let cells = 0;
  for (let part = 0; part < count; part++) {
    const at = part * partStride;
    const [ax = 0, ay = 0, , ar = 0, bx = 0, by = 0, , br = 0] = numbers.subarray(at, at + 8);
    const x0 = (ax - box.left) * cellsPerMetre;
    const y0 = (ay - box.top) * cellsPerMetre;
    const dx = (bx - ax) * cellsPerMetre;
    const dy = (by - ay) * cellsPerMetre;
    const r0 = ar * cellsPerMetre;
    const dr = (br - ar) * cellsPerMetre;
    const inverse = 1 / (dx * dx + dy * dy + 1e-9);
    const reach = Math.max(r0, r0 + dr);
    const top = Math.max(0, Math.floor(Math.min(y0, y0 + dy) - reach));
    const bottom = Math.min(cellsAcross - 1, Math.ceil(Math.max(y0, y0 + dy) + reach));
    const left = Math.max(0, Math.floor(Math.min(x0, x0 + dx) - reach));
    const right = Math.min(cellsAcross - 1, Math.ceil(Math.max(x0, x0 + dx) + reach));
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const cell = y * cellsAcross + x;
        if (covered[cell] === 1) continue;
        const px = x + 0.5 - x0;
        const py = y + 0.5 - y0;
        const t = Math.min(1, Math.max(0, (px * dx + py * dy) * inverse));
        const ox = px - t * dx;
        const oy = py - t * dy;
        const r = r0 + t * dr;
        if (ox * ox + oy * oy < r * r) {
          covered[cell] = 1;
          cells++;
        }
      }
    }
  }
  return cells / (cellsPerMetre * cellsPerMetre);
}
