import { INK, SIZE } from './card.ts';
import type { ColourSpace } from './colour.ts';
import { type DrawingBoard, textElement } from './drawing.ts';
import { toSprite } from './sprite.ts';
import type { YuvaPicture } from './yuva-picture.ts';

/** Height of the clock's line, for a short side of 1080 pixels. */
export const CLOCK_HEIGHT = SIZE.clock * 1.2;

/** Width of a digit and of a sign, in shares of the size: equal ones, so that the clock stands still. */
const DIGIT_WIDTH = 0.64;
const SIGN_WIDTH = 0.3;

/** A moment as people write it: `0:12.3`, `1:02:03.4`. */
export function clockText(tenths: number): string {
  const seconds = Math.floor(tenths / 10);
  const twoDigits = (value: number) => String(value).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const before = hours > 0 ? `${hours}:${twoDigits(minutes % 60)}` : String(minutes);
  return `${before}:${twoDigits(seconds % 60)}.${tenths % 10}`;
}

export function clockWidth(text: string, unit: number): number {
  return [...text].reduce((sum, sign) => sum + cellWidth(sign, unit), 0);
}

function cellWidth(sign: string, unit: number): number {
  return 2 * Math.round(((/\d/.test(sign) ? DIGIT_WIDTH : SIGN_WIDTH) * SIZE.clock * unit) / 2);
}

/** Digits, drawn once and put together ten times a second. */
export class Clock {
  readonly #signs: ReadonlyMap<string, YuvaPicture>;
  readonly #unit: number;

  constructor(board: DrawingBoard, space: ColourSpace, unit: number) {
    this.#unit = unit;
    const height = 2 * Math.ceil((CLOCK_HEIGHT * unit) / 2);
    const size = SIZE.clock * unit;
    this.#signs = new Map(
      [...'0123456789:.'].map((sign) => {
        const width = cellWidth(sign, unit);
        const place = { x: width / 2, y: 0.5 * height + 0.36 * size, size, weight: 600, colour: INK.text } as const;
        const body = textElement(sign, { ...place, anchor: 'middle' });
        return [sign, toSprite(board.draw(width, height, body), space)];
      }),
    );
  }

  /** Draws a time whose right upper corner is at an even place. */
  draw(picture: YuvaPicture, text: string, right: number, top: number): void {
    let x = right - clockWidth(text, this.#unit);
    for (const sign of text) {
      const drawn = this.#signs.get(sign);
      if (drawn === undefined) throw new RangeError(`the clock has no ${sign}`);
      picture.draw(drawn, x, top);
      x += drawn.width;
    }
  }
}
