import type { Picture } from './picture.ts';

/** Darkens the floor under something in a soft ellipse; positions and lengths in pixels, `strength` 0–1. */
export function drawShadow(
  { size, pixels }: Picture,
  at: { readonly x: number; readonly y: number; readonly rx: number; readonly ry: number },
  strength: number,
): void {
  for (let row = Math.max(0, Math.floor(at.y - at.ry)); row < Math.min(size, at.y + at.ry); row++) {
    const dy = (row + 0.5 - at.y) / at.ry;
    for (let column = Math.max(0, Math.floor(at.x - at.rx)); column < Math.min(size, at.x + at.rx); column++) {
      const dx = (column + 0.5 - at.x) / at.rx;
      const inside = 1 - dx * dx - dy * dy;
      if (inside <= 0) continue;
      const light = 1 - strength * Math.min(1, 1.6 * inside);
      const p = 3 * (row * size + column);
      pixels[p] = (pixels[p] ?? 0) * light;
      pixels[p + 1] = (pixels[p + 1] ?? 0) * light;
      pixels[p + 2] = (pixels[p + 2] ?? 0) * light;
    }
  }
}
