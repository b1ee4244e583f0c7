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

/** Pictures as canvases draw them: made once of each, for a slider that is moved draws the same one many times a second. */
const drawables = new WeakMap<Picture, OffscreenCanvas>();

function drawableOf(picture: Picture): OffscreenCanvas {
  const known = drawables.get(picture);
  if (known !== undefined) return known;
  const { width, height, pixels } = picture;
  const image = new ImageData(width, height);
  for (let at = 0; at < width * height; at++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * at + channel] = pixels[3 * at + channel] ?? 0;
    image.data[4 * at + 3] = 255;
  }
  const drawable = new OffscreenCanvas(width, height);
  drawable.getContext('2d')?.putImageData(image, 0, 0);
  drawables.set(picture, drawable);
  return drawable;
}

/** Makes a canvas show a picture, in its pixels. */
export function paintPicture(canvas: HTMLCanvasElement, picture: Picture): CanvasRenderingContext2D | null {
  const { width, height } = picture;
  // Whatever is set, even the same, makes a canvas anew.
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  context?.drawImage(drawableOf(picture), 0, 0);
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

/** The picture with nothing but the kept patches: elsewhere the canvas is clear. */
export function paintKept(canvas: HTMLCanvasElement, picture: Picture, kept: readonly number[], across: number): void {
  const context = paintPicture(canvas, picture);
  if (context === null) return;
  const isKept = new Set(kept);
  const edge = (place: number) => Math.round((place * picture.width) / across);
  for (let patch = 0; patch < across * across; patch++) {
    if (isKept.has(patch)) continue;
    const [row, column] = [Math.floor(patch / across), patch % across];
    const [left, top] = [edge(column), edge(row)];
    context.clearRect(left, top, edge(column + 1) - left, edge(row + 1) - top);
  }
}
