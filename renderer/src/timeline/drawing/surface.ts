import type { TimeSpan } from '#contract/intervals.ts';
import type { DrawingColours } from './colours.svelte.ts';

/** Where lanes are drawn: a canvas measured in CSS pixels, and what part of the time it shows. */
export interface Surface {
  readonly context: CanvasRenderingContext2D;
  readonly widthPx: number;
  readonly span: TimeSpan;
  readonly colours: DrawingColours;
}

/** A band of the canvas. */
export interface Band {
  readonly top: number;
  readonly height: number;
}

/** Horizontal place of a moment, in pixels. */
export function placeOf({ span, widthPx }: Pick<Surface, 'span' | 'widthPx'>, seconds: number): number {
  return ((seconds - span.startSeconds) / (span.endSeconds - span.startSeconds)) * widthPx;
}

/** Makes a canvas as sharp as the screen, empties it and gives its context; null where there is none. */
export function prepared(
  canvas: HTMLCanvasElement,
  widthPx: number,
  heightPx: number,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(widthPx * ratio), Math.round(heightPx * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  context?.clearRect(0, 0, widthPx, heightPx);
  return context;
}

/** For all texts of a drawing that look alike at once: nothing takes a canvas as long as another font. */
export function smallText({ context, colours }: Surface, weight: 400 | 600 = 400): void {
  context.font = `${weight} 12px ${colours.font}`;
  context.textBaseline = 'middle';
}
