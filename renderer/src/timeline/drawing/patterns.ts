import type { Pattern } from '../class-look.ts';

const TILE_PX = 8;
const made = new Map<string, CanvasPattern>();

/** A fill of thin lines or dots; null for the plain one. The same one is made once. */
export function patternFill(
  context: CanvasRenderingContext2D,
  pattern: Pattern | 'unknown',
  colour: string,
): CanvasPattern | null {
  if (pattern === 'plain') return null;
  const ratio = window.devicePixelRatio;
  const key = `${pattern} ${colour} ${ratio}`;
  const before = made.get(key);
  if (before !== undefined) return before;
  const tile = new OffscreenCanvas(Math.round(TILE_PX * ratio), Math.round(TILE_PX * ratio));
  const pen = tile.getContext('2d');
  if (pen === null) return null;
  pen.scale(tile.width / TILE_PX, tile.height / TILE_PX);
  pen.strokeStyle = colour;
  pen.fillStyle = colour;
  pen.lineWidth = pattern === 'unknown' ? 0.75 : 1.25;
  if (pattern === 'dots') drawDots(pen);
  else drawDiagonals(pen, pattern === 'falling');
  const fill = context.createPattern(tile, 'repeat');
  if (fill === null) return null;
  fill.setTransform(new DOMMatrix().scale(TILE_PX / tile.width, TILE_PX / tile.height));
  made.set(key, fill);
  return fill;
}

function drawDots(pen: OffscreenCanvasRenderingContext2D): void {
  for (const [x, y] of [
    [2, 2],
    [6, 6],
  ] as const) {
    pen.beginPath();
    pen.arc(x, y, 1, 0, 2 * Math.PI);
    pen.fill();
  }
}

/** Drawn beyond the tile, so that corners meet. */
function drawDiagonals(pen: OffscreenCanvasRenderingContext2D, falling: boolean): void {
  const direction = falling ? 1 : -1;
  pen.beginPath();
  for (const at of [-TILE_PX, 0, TILE_PX]) {
    const y = falling ? at : at + TILE_PX;
    pen.moveTo(-1, y - direction);
    pen.lineTo(TILE_PX + 1, y + direction * (TILE_PX + 1));
  }
  pen.stroke();
}
