import type { ViewScores } from '#contract/analysis.ts';

/** The part of {@link ViewScores} that says where which patch is. */
export type PlacedScores = Pick<ViewScores, 'origin' | 'frameSize' | 'frameSeconds' | 'scores' | 'kept'>;

/** How a view is cut into patches, in pixels of the scaled frame. */
export interface PatchSize {
  /** Side of the square crop. */
  readonly imageSize: number;
  readonly patchSize: number;
}

/**
 * What the model thinks of each place of one sampled frame: cells between the edges of all patches that lie there, so that
 * crops that overlap without sharing a grid can be told together. Pixels are those of the scaled frame.
 */
export interface PatchField {
  /** Ascending: the left edge of every column, and the right edge of the last one. */
  readonly xs: readonly number[];
  /** The same for rows. */
  readonly ys: readonly number[];
  /** `[rows, columns]`: mean score of the patches that cover a cell; NaN where none does. */
  readonly scores: Float32Array;
  /** `[rows, columns]`: share of those patches that are kept, 0 … 1; NaN where there is none. */
  readonly kept: Float32Array;
}

/**
 * The cells of one sampled frame.
 *
 * @param frame Which of the sampled frames; token n of a view belongs to patch `floor(n / frames)`, frame `n % frames`.
 */
export function patchField(views: readonly PlacedScores[], frame: number, size: PatchSize): PatchField {
  const xs = edges(views, 0, size);
  const ys = edges(views, 1, size);
  const columns = Math.max(0, xs.length - 1);
  const cells = columns * Math.max(0, ys.length - 1);
  const scores = new Float32Array(cells);
  const kept = new Float32Array(cells);
  const covered = new Uint8Array(cells);
  const across = size.imageSize / size.patchSize;
  const columnOf = new Map(xs.map((x, i) => [x, i]));
  const rowOf = new Map(ys.map((y, i) => [y, i]));
  for (const view of views) {
    const frames = view.frameSeconds.length;
    const isKept = keptMask(view);
    const [left, top] = view.origin;
    for (let patch = 0; patch < across * across; patch++) {
      const token = patch * frames + frame;
      const x = left + (patch % across) * size.patchSize;
      const y = top + Math.floor(patch / across) * size.patchSize;
      const lastColumn = columnOf.get(x + size.patchSize) ?? 0;
      const lastRow = rowOf.get(y + size.patchSize) ?? 0;
      for (let row = rowOf.get(y) ?? 0; row < lastRow; row++) {
        for (let column = columnOf.get(x) ?? 0; column < lastColumn; column++) {
          const cell = row * columns + column;
          scores[cell] = (scores[cell] ?? 0) + (view.scores[token] ?? 0);
          kept[cell] = (kept[cell] ?? 0) + (isKept[token] ?? 0);
          covered[cell] = (covered[cell] ?? 0) + 1;
        }
      }
    }
  }
  // 0 / 0 where nothing lies.
  const mean = (sum: number, cell: number) => sum / (covered[cell] ?? 0);
  return { xs, ys, scores: scores.map(mean), kept: kept.map(mean) };
}

function edges(views: readonly PlacedScores[], axis: 0 | 1, { imageSize, patchSize }: PatchSize): readonly number[] {
  const all = new Set<number>();
  for (const { origin } of views) {
    for (let offset = 0; offset <= imageSize; offset += patchSize) all.add(origin[axis] + offset);
  }
  return [...all].sort((a, b) => a - b);
}

function keptMask({ scores, kept }: PlacedScores): Uint8Array {
  const mask = new Uint8Array(scores.length);
  for (const token of kept) mask[token] = 1;
  return mask;
}
