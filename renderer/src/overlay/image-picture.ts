import { shareOf } from '#contract/overlay/score-range.ts';
import { viridis } from '#contract/overlay/viridis.ts';

/** RGB, `[height, width, 3]`. */
interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

interface Scores {
  readonly width: number;
  readonly height: number;
  readonly scores: readonly number[];
}

/** How much of the picture is gone below a map, 0 … 1. */
const OPACITY = 0.6;

/** Makes a canvas show a picture, in its pixels. */
export function paintPicture(
  canvas: HTMLCanvasElement,
  { width, height, pixels }: Picture,
): CanvasRenderingContext2D | null {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d');
  if (context === null) return null;
  const image = context.createImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    image.data.set(pixels.subarray(3 * at, 3 * at + 3), 4 * at);
    image.data[4 * at + 3] = 255;
  }
  context.putImageData(image, 0, 0);
  return context;
}

/** The picture under a map: from the map's lowest score, violet, to its highest, yellow. */
export function paintMap(canvas: HTMLCanvasElement, picture: Picture, { width, height, scores }: Scores): void {
  const context = paintPicture(canvas, picture);
  if (context === null) return;
  const [lowest, highest] = [Math.min(...scores), Math.max(...scores)];
  const range = { lowest, highest: highest > lowest ? highest : lowest + 1 };
  const colours = new OffscreenCanvas(width, height);
  const small = colours.getContext('2d');
  if (small === null) return;
  const image = small.createImageData(width, height);
  for (const [at, score] of scores.entries()) image.data.set([...viridis(shareOf(score, range)), 255], 4 * at);
  small.putImageData(image, 0, 0);
  context.globalAlpha = OPACITY;
  context.imageSmoothingQuality = 'high';
  context.drawImage(colours, 0, 0, picture.width, picture.height);
  context.globalAlpha = 1;
}

/** The picture with everything blank but the kept patches. */
export function paintKept(
  canvas: HTMLCanvasElement,
  picture: Picture,
  kept: readonly number[],
  across: number,
  blank: string,
): void {
  const context = paintPicture(canvas, picture);
  if (context === null) return;
  const isKept = new Set(kept);
  const edge = (place: number) => Math.round((place * picture.width) / across);
  context.fillStyle = blank;
  for (let patch = 0; patch < across * across; patch++) {
    if (isKept.has(patch)) continue;
    const [row, column] = [Math.floor(patch / across), patch % across];
    const [left, top] = [edge(column), edge(row)];
    context.fillRect(left, top, edge(column + 1) - left, edge(row + 1) - top);
  }
}
