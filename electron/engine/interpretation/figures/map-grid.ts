import { type DrawingBoard, textElement } from '../../export/video/drawing.ts';
import type { Picture } from '../../images/picture.ts';
import { type Figure, GAP, pictureElement } from './svg-figure.ts';

/** One image with everything that is shown of it, from left to right; null where there is nothing. */
export type GridRow = readonly (Picture | null)[];

const SIDE = 160;
const TITLE = 14;

/** Pictures in rows, one an image, under the columns' titles. */
export function mapGrid(titles: readonly string[], rows: readonly GridRow[], board: DrawingBoard): Figure {
  const top = 2 * TITLE;
  const heads = titles.map((title, column) => {
    const size = Math.min(TITLE, (TITLE * SIDE) / Math.max(1, board.textWidth(title, TITLE, 600)));
    return textElement(title, { x: column * (SIDE + GAP), y: 1.3 * TITLE, size, weight: 600, colour: '#1b1f27' });
  });
  const cells = rows.flatMap((row, line) =>
    row.map((picture, column) =>
      picture === null ? '' : pictureElement(picture, column * (SIDE + GAP), top + line * (SIDE + GAP), SIDE),
    ),
  );
  return {
    width: titles.length * (SIDE + GAP) - GAP,
    height: top + rows.length * (SIDE + GAP) - GAP,
    body: heads.join('') + cells.join(''),
  };
}
