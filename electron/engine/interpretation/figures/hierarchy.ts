import { percent } from '../../export/video/card.ts';
import type { DrawingBoard } from '../../export/video/drawing.ts';
import type { Picture } from '../../images/picture.ts';
import { againElement, type Figure, GAP, labelElement, pictureElement } from './svg-figure.ts';

/** What a group of blocks has seen of an image. */
export interface ShownGroup {
  /** Patches, row by row. */
  readonly kept: Iterable<number>;
  readonly keepRatio: number;
}

/**
 * The hierarchical process (IA-RED², figure 4): the image, then for each group of blocks what it has seen of it, dropped
 * patches blank, and the share of patches that is left in the upper left corner.
 *
 * @param picture What the model saw, a square, in any number of pixels.
 * @param across Patches in a row.
 * @param side Pixels of each picture in the figure.
 */
export function hierarchyFigure(
  picture: Picture,
  groups: readonly ShownGroup[],
  { across, side, board }: { readonly across: number; readonly side: number; readonly board: DrawingBoard },
): Figure {
  const columns = groups.map(({ kept, keepRatio }, group) => {
    const x = (group + 1) * (side + GAP);
    const label = labelElement(board, percent(keepRatio), x, 0, side / 14);
    return againElement('image', x) + blanks(new Set(kept), across, x, side) + label;
  });
  const body = pictureElement(picture, 0, 0, side, 'image') + columns.join('');
  return { width: (groups.length + 1) * (side + GAP) - GAP, height: side, body };
}

/** One shape for each run of dropped patches in a row, so that no seams show. */
function blanks(kept: ReadonlySet<number>, across: number, x: number, side: number): string {
  const edge = (place: number) => Math.round((place * side) / across);
  let path = '';
  for (let row = 0; row < across; row++) {
    for (let from = 0; from < across; from++) {
      if (kept.has(row * across + from)) continue;
      let to = from;
      while (to < across && !kept.has(row * across + to)) to++;
      path += `M${x + edge(from)} ${edge(row)}H${x + edge(to)}V${edge(row + 1)}H${x + edge(from)}z`;
      from = to;
    }
  }
  return path === '' ? '' : `<path d="${path}" fill="#ffffff" shape-rendering="crispEdges"/>`;
}
