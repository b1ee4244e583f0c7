import type { Colour } from '../body/figure.ts';

/**
 * A picture larger than a frame, over which the camera moves. Positions are in *sides*: 1 is the side of a frame, so
 * that a background looks alike at every frame size.
 */
export interface Canvas {
  /** Pixels across and down. */
  readonly width: number;
  readonly height: number;
  /** Pixels of one side. */
  readonly unit: number;
  /** Position of the upper left corner, sides. */
  readonly left: number;
  readonly top: number;
  /** `[height, width, 3]`, 0–255 sRGB. */
  readonly pixels: Uint8ClampedArray;
}

/** Every pixel between `a` and `b` by what `share` says of it, as a point on the way from one to the other. */
export function paint(
  canvas: Canvas,
  a: Colour,
  b: Colour,
  share: (u: number, v: number, pixel: number) => number,
  fromRow = 0,
  toRow: number = canvas.height,
): void {
  const { width, unit, left, top, pixels } = canvas;
  const [ar, ag, ab] = a;
  const [dr, dg, db] = [b[0] - ar, b[1] - ag, b[2] - ab];
  for (let y = Math.max(0, fromRow); y < Math.min(canvas.height, toRow); y++) {
    const v = top + (y + 0.5) / unit;
    for (let x = 0; x < width; x++) {
      const pixel = y * width + x;
      const t = share(left + (x + 0.5) / unit, v, pixel);
      pixels[3 * pixel] = ar + dr * t;
      pixels[3 * pixel + 1] = ag + dg * t;
      pixels[3 * pixel + 2] = ab + db * t;
    }
  }
}

/** The row at position `v`. */
export const rowAt = (canvas: Canvas, v: number): number => Math.round((v - canvas.top) * canvas.unit);

/** A filled rectangle, lighter by `slope` of its colour at the top and darker at the bottom. */
export function paintRectangle(
  canvas: Canvas,
  box: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
  colour: Colour,
  slope = 0,
): void {
  const { width, height, unit, pixels } = canvas;
  const x0 = Math.max(0, Math.round((box.left - canvas.left) * unit));
  const x1 = Math.min(width, Math.round((box.right - canvas.left) * unit));
  const y0 = Math.round((box.top - canvas.top) * unit);
  const y1 = Math.round((box.bottom - canvas.top) * unit);
  for (let y = Math.max(0, y0); y < Math.min(height, y1); y++) {
    const light = 1 + slope * (1 - (2 * (y - y0)) / (y1 - y0));
    for (let at = 3 * (y * width + x0); at < 3 * (y * width + x1); at += 3) {
      pixels[at] = colour[0] * light;
      pixels[at + 1] = colour[1] * light;
      pixels[at + 2] = colour[2] * light;
    }
  }
}

/** A filled ellipse with a soft edge; `opacity` 0–1, `round` 0 for a flat disc and 1 for a ball lit from above. */
export function paintEllipse(
  canvas: Canvas,
  at: { readonly x: number; readonly y: number; readonly rx: number; readonly ry: number },
  colour: Colour,
  { opacity = 1, round = 0, soft = 0.08 }: { opacity?: number; round?: number; soft?: number } = {},
): void {
  const { width, height, unit, pixels } = canvas;
  const [cx, cy] = [(at.x - canvas.left) * unit, (at.y - canvas.top) * unit];
  const [rx, ry] = [at.rx * unit, at.ry * unit];
  for (let y = Math.max(0, Math.floor(cy - ry)); y < Math.min(height, cy + ry + 1); y++) {
    const dy = (y + 0.5 - cy) / ry;
    for (let x = Math.max(0, Math.floor(cx - rx)); x < Math.min(width, cx + rx + 1); x++) {
      const dx = (x + 0.5 - cx) / rx;
      const inside = 1 - (dx * dx + dy * dy);
      if (inside <= 0) continue;
      const alpha = opacity * Math.min(1, inside / (2 * soft));
      const light = 1 - round * (0.35 * dy + 0.3 * (1 - inside) - 0.1);
      const pixel = 3 * (y * width + x);
      for (let c = 0; c < 3; c++) {
        const here = pixels[pixel + c] ?? 0;
        pixels[pixel + c] = here + alpha * ((colour[c] ?? 0) * light - here);
      }
    }
  }
}
