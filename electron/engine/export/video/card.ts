import { type DrawingBoard, type TextPlace, textElement } from './drawing.ts';
import { fitted, readableText } from './readable-text.ts';

/** A small picture of text and bars, as the body of an SVG. */
export interface Card {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

/** Colours on the dark ground that every card has, so that it can be read on any picture. */
export const INK = {
  ground: '#0b0e13',
  groundOpacity: 0.8,
  text: '#ffffff',
  muted: '#c3cad6',
  track: '#ffffff',
  trackOpacity: 0.2,
  mark: '#ffd166',
  other: '#6cc5f5',
} as const;

/** Lengths of cards, for a picture whose short side is 1080 pixels; `unit` scales them. */
export const SIZE = {
  label: 31,
  number: 24,
  clock: 31,
  small: 18,
  padding: 20,
  pillPadding: 12,
  radius: 10,
  bar: 7,
  gap: 36,
} as const;

/** The rounded ground of a card. */
export function ground(width: number, height: number, unit: number): string {
  const radius = Math.min(SIZE.radius * unit, height / 2);
  return `<rect width="${width}" height="${height}" rx="${radius.toFixed(2)}" fill="${INK.ground}" fill-opacity="${INK.groundOpacity}"/>`;
}

/** A line of text that ends with an ellipsis where it would be wider than `width`. */
export function textLine(board: DrawingBoard, text: string, width: number, place: TextPlace): string {
  const shown = fitted(readableText(text), width, (part) => board.textWidth(part, place.size, place.weight));
  return textElement(shown, place);
}

/** A share as a bar. */
export function bar(x: number, y: number, width: number, share: number, colour: string, unit: number): string {
  const height = SIZE.bar * unit;
  const radius = height / 2;
  // A bar shorter than it is high would not be round.
  const filled = Math.max(height, width * Math.min(1, share));
  const box = (w: number, fill: string) =>
    `<rect x="${x.toFixed(2)}" y="${y.toFixed(2)}" width="${w.toFixed(2)}" height="${height.toFixed(2)}" rx="${radius.toFixed(2)}" ${fill}/>`;
  return (
    box(width, `fill="${INK.track}" fill-opacity="${INK.trackOpacity}"`) +
    (share > 0 ? box(filled, `fill="${colour}"`) : '')
  );
}

/** A share in whole per cent, with the space that belongs before the sign. */
export function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

export function evenUp(length: number): number {
  return 2 * Math.ceil(length / 2);
}
