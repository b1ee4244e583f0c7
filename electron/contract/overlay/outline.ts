import type { PatchField } from './patch-field.ts';

/** From `[x, y]` to `[x, y]`, in pixels of the scaled frame; upright or level. */
export type Stretch = readonly [fromX: number, fromY: number, toX: number, toY: number];

/** A place counts as kept where at least half of the patches over it are. */
export const MOSTLY_KEPT = 0.5;

/** The border between what is kept and what is not, in stretches as long as they can be. */
export function outlineOf({ xs, ys, kept }: PatchField): readonly Stretch[] {
  const columns = xs.length - 1;
  const rows = ys.length - 1;
  const isKept = (row: number, column: number) =>
    row >= 0 && row < rows && column >= 0 && column < columns && (kept[row * columns + column] ?? 0) >= MOSTLY_KEPT;
  const stretches: Stretch[] = [];
  for (let row = 0; row <= rows; row++) {
    const y = ys[row] ?? 0;
    for (const [from, to] of runs(columns, (column) => isKept(row - 1, column) !== isKept(row, column))) {
      stretches.push([xs[from] ?? 0, y, xs[to] ?? 0, y]);
    }
  }
  for (let column = 0; column <= columns; column++) {
    const x = xs[column] ?? 0;
    for (const [from, to] of runs(rows, (row) => isKept(row, column - 1) !== isKept(row, column))) {
      stretches.push([x, ys[from] ?? 0, x, ys[to] ?? 0]);
    }
  }
  return stretches;
}

/** Where `holds` is true without a break: `[first, behind the last]`. */
function runs(count: number, holds: (i: number) => boolean): readonly (readonly [from: number, to: number])[] {
  const found: [number, number][] = [];
  let from: number | null = null;
  for (let i = 0; i <= count; i++) {
    const here = i < count && holds(i);
    if (here) from ??= i;
    else if (from !== null) {
      found.push([from, i]);
      from = null;
    }
  }
  return found;
}
