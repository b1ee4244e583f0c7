import type { ViewScores } from '#contract/analysis.ts';
import { MOSTLY_KEPT, outlineOf } from '#contract/overlay/outline.ts';
import { type PatchField, type PatchSize, patchField } from '#contract/overlay/patch-field.ts';
import { type ScoreRange, shareOf } from '#contract/overlay/score-range.ts';
import { viridis } from '#contract/overlay/viridis.ts';
import type { FrameStack } from '../../video/views.ts';
import { Canvas } from './canvas.ts';

/** How much of what is below a heat map or a dropped patch is gone, 0 … 1. */
const HEAT_OPACITY = 0.6;
const DROPPED_OPACITY = 0.78;
const GAP = 4;

/** A clip with everything that is drawn of it. */
export interface FigureClip {
  /** RGB, `[T, height, width, 3]`. */
  readonly pictures: FrameStack;
  /** Of the views that are shown, in pixels of the frame that the model was given. */
  readonly views: readonly ViewScores[];
  readonly size: PatchSize;
  readonly range: ScoreRange;
}

/**
 * Three rows of pictures of the sampled frames in `frames`: as they are, with the kept patches, with the heat map.
 */
export function figureOf(clip: FigureClip, frames: readonly number[]): Canvas {
  const { width, height } = clip.pictures;
  const canvas = new Canvas(frames.length * (width + GAP) - GAP, 3 * (height + GAP) - GAP);
  for (const [column, frame] of frames.entries()) {
    const field = patchField(clip.views, frame, clip.size);
    const x = column * (width + GAP);
    for (let row = 0; row < 3; row++) canvas.picture(clip.pictures, frame, x, row * (height + GAP));
    drawKept(canvas, clip, field, x, height + GAP);
    drawHeat(canvas, clip, field, x, 2 * (height + GAP));
  }
  return canvas;
}

/** From pixels of the model's frame to those of the picture. */
function scaling({ pictures, views }: FigureClip): readonly [number, number] {
  const [width, height] = views[0]?.frameSize ?? [pictures.width, pictures.height];
  return [pictures.width / width, pictures.height / height];
}

function eachCell(
  clip: FigureClip,
  { xs, ys }: PatchField,
  draw: (cell: number, left: number, top: number, right: number, bottom: number) => void,
): void {
  const [scaleX, scaleY] = scaling(clip);
  const lefts = xs.map((x) => Math.round(x * scaleX));
  const tops = ys.map((y) => Math.round(y * scaleY));
  for (let row = 0; row + 1 < tops.length; row++) {
    for (let column = 0; column + 1 < lefts.length; column++) {
      const cell = row * (lefts.length - 1) + column;
      draw(cell, lefts[column] ?? 0, tops[row] ?? 0, lefts[column + 1] ?? 0, tops[row + 1] ?? 0);
    }
  }
}

/** What was dropped recedes; a line runs around what was kept. */
function drawKept(canvas: Canvas, clip: FigureClip, field: PatchField, x: number, y: number): void {
  eachCell(clip, field, (cell, left, top, right, bottom) => {
    const kept = field.kept[cell] ?? Number.NaN;
    if (!(kept < MOSTLY_KEPT)) return;
    canvas.tint([0, 0, 0], DROPPED_OPACITY, x + left, y + top, x + right, y + bottom);
  });
  const [scaleX, scaleY] = scaling(clip);
  for (const [fromX, fromY, toX, toY] of outlineOf(field)) {
    const [left, top] = [x + Math.round(fromX * scaleX), y + Math.round(fromY * scaleY)];
    const [right, bottom] = [x + Math.round(toX * scaleX), y + Math.round(toY * scaleY)];
    // Lines at the very edge lie inside, where they are seen.
    const inX = Math.min(left, x + clip.pictures.width - 1);
    const inY = Math.min(top, y + clip.pictures.height - 1);
    canvas.tint([255, 255, 255], 1, inX, inY, Math.max(right, inX + 1), Math.max(bottom, inY + 1));
  }
}

function drawHeat(canvas: Canvas, clip: FigureClip, field: PatchField, x: number, y: number): void {
  eachCell(clip, field, (cell, left, top, right, bottom) => {
    const score = field.scores[cell] ?? Number.NaN;
    if (Number.isNaN(score)) return;
    canvas.tint(viridis(shareOf(score, clip.range)), HEAT_OPACITY, x + left, y + top, x + right, y + bottom);
  });
}
