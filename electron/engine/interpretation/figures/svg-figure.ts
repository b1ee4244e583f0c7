import { type DrawingBoard, textElement } from '../../export/video/drawing.ts';
import type { Picture } from '../../images/picture.ts';
import { encodePng } from '../../motions/png.ts';

/** A figure as the body of an SVG; its pictures are within it. */
export interface Figure {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

/** Space between pictures of a figure. */
export const GAP = 8;

export function pngOf({ pixels, width, height }: Picture): Uint8Array {
  return encodePng('rgb', pixels, width, height);
}

/** A picture at a place of a figure, in another size. With an `id` it can be shown again: {@link againElement}. */
export function pictureElement(picture: Picture, x: number, y: number, side: number, id?: string): string {
  const data = Buffer.from(pngOf(picture)).toString('base64');
  const place = `x="${x}" y="${y}" width="${side}" height="${side}"`;
  const name = id === undefined ? '' : `id="${id}" `;
  return `<image ${name}${place} preserveAspectRatio="none" href="data:image/png;base64,${data}"/>`;
}

/** A picture of the figure once more, `x` to the right. */
export function againElement(id: string, x: number): string {
  return `<use href="#${id}" x="${x}"/>`;
}

/** A line of text on a dark ground, its upper left corner a little inside of `x`, `y`: read on any picture. */
export function labelElement(board: DrawingBoard, text: string, x: number, y: number, size: number): string {
  const inset = Math.round(size / 3);
  const width = board.textWidth(text, size, 600) + size;
  const ground = `<rect x="${x + inset}" y="${y + inset}" width="${width.toFixed(1)}" height="${1.5 * size}" rx="${size / 4}" fill="#0b0e13" fill-opacity="0.8"/>`;
  const place = { x: x + inset + size / 2, y: y + inset + 1.1 * size, size, weight: 600, colour: '#ffffff' } as const;
  return ground + textElement(text, place);
}

/** The figure as a file that draws itself anywhere. */
export function svgOf({ width, height, body }: Figure): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="100%" height="100%" fill="#ffffff"/>${body}</svg>\n`;
}

/** The figure in pixels, on white. */
export function pictureOf({ width, height, body }: Figure, board: DrawingBoard): Picture {
  const ground = `<rect width="${width}" height="${height}" fill="#ffffff"/>`;
  const { pixels } = board.draw(width, height, ground + body);
  const rgb = new Uint8Array(width * height * 3);
  for (let at = 0; at < width * height; at++) rgb.set(pixels.subarray(4 * at, 4 * at + 3), 3 * at);
  return { width, height, pixels: rgb };
}
