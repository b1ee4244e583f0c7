import type { ViewScores } from '#contract/analysis.ts';
import { MOSTLY_KEPT, outlineOf } from '#contract/overlay/outline.ts';
import { type PatchField, type PatchSize, patchField } from '#contract/overlay/patch-field.ts';
import { type ScoreRange, shareOf } from '#contract/overlay/score-range.ts';
import { viridis } from '#contract/overlay/viridis.ts';
import type { VideoExport } from '#contract/video-export.ts';
import { type ColourSpace, type Rgb, toYuv } from './colour.ts';
import type { ShownFrame } from './shown-moments.ts';
import type { YuvaPicture } from './yuva-picture.ts';

/** The light in the patches, and what makes it stand out on whatever there is. */
const MARK: Rgb = [255, 209, 102];
const EDGE: Rgb = [0, 0, 0];

export interface PatchLayer {
  readonly views: readonly ViewScores[];
  readonly patches: PatchSize;
  readonly range: ScoreRange;
  readonly overlay: VideoExport['overlay'];
  readonly space: ColourSpace;
  /** The whole picture as displayed, which may be a pixel wider and higher than what is drawn on. */
  readonly displayed: { readonly width: number; readonly height: number };
  /** Pixels of the light part of an outline; even. */
  readonly lineWidth: number;
}

/** Draws what the model thinks of each patch. Nothing is drawn where no patch is. */
export function drawPatches(picture: YuvaPicture, layer: PatchLayer, { frame, next, share }: ShownFrame): void {
  const { mode } = layer.overlay;
  const size = layer.views[0]?.frameSize;
  if (mode === 'off' || size === undefined) return;
  const field = patchField(layer.views, frame, layer.patches);
  // Outlines are never between two frames.
  const later = share === 0 || mode === 'outline' ? field : patchField(layer.views, next, layer.patches);
  const place = placing(layer, size);
  if (mode === 'heat') fillCells(picture, field, place, heat(layer, field, later, share));
  if (mode === 'kept') fillCells(picture, field, place, dimming(layer, field, later, share));
  if (mode === 'outline' || (mode === 'kept' && share === 0)) {
    drawOutline(picture, layer, field, place, mode === 'outline' ? layer.lineWidth : layer.lineWidth / 2);
  }
}

interface Placing {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** From the scaled frame to even pixels of the picture, so that neighbours touch without a seam. */
function placing({ displayed }: PatchLayer, [width, height]: readonly [number, number]): Placing {
  return {
    x: (value) => 2 * Math.round((value / width) * (displayed.width / 2)),
    y: (value) => 2 * Math.round((value / height) * (displayed.height / 2)),
  };
}

function fillCells(picture: YuvaPicture, { xs, ys }: PatchField, place: Placing, paint: PaintYuv): void {
  const left = xs.map(place.x);
  const top = ys.map(place.y);
  const columns = xs.length - 1;
  for (let row = 0; row + 1 < top.length; row++) {
    const y = top[row] ?? 0;
    for (let column = 0; column < columns; column++) {
      const painted = paint(row * columns + column);
      if (painted === null) continue;
      const x = left[column] ?? 0;
      const box = { x, y, width: (left[column + 1] ?? x) - x, height: (top[row + 1] ?? y) - y };
      picture.fill(box, painted[0], painted[1]);
    }
  }
}

type PaintYuv = (cell: number) => readonly [colour: ReturnType<typeof toYuv>, alpha: number] | null;

function heat({ overlay, range, space }: PatchLayer, field: PatchField, later: PatchField, share: number): PaintYuv {
  const alpha = Math.round(255 * overlay.opacity);
  return (cell) => {
    const score = between(field.scores, later.scores, cell, share);
    return Number.isNaN(score) ? null : [toYuv(viridis(shareOf(score, range)), space), alpha];
  };
}

/** Dropped patches recede; the kept ones are left as they are. */
function dimming({ overlay, space }: PatchLayer, field: PatchField, later: PatchField, share: number): PaintYuv {
  const black = toYuv(EDGE, space);
  const dropped = (kept: number) => (kept >= MOSTLY_KEPT ? 1 - kept : 1);
  return (cell) => {
    const now = dropped(field.kept[cell] ?? Number.NaN);
    const then = dropped(later.kept[cell] ?? Number.NaN);
    const dimmed = now + (then - now) * share;
    const covered = !Number.isNaN(field.kept[cell] ?? Number.NaN);
    return covered && dimmed > 0 ? [black, Math.round(255 * overlay.opacity * dimmed)] : null;
  };
}

function between(now: Float32Array, then: Float32Array, cell: number, share: number): number {
  const from = now[cell] ?? Number.NaN;
  return from + ((then[cell] ?? Number.NaN) - from) * share;
}

/** Light on dark, on whatever there is. */
function drawOutline(
  picture: YuvaPicture,
  { space }: PatchLayer,
  field: PatchField,
  place: Placing,
  wanted: number,
): void {
  const width = Math.max(2, 2 * Math.round(wanted / 2));
  const stretches = outlineOf(field);
  for (const [colour, reach] of [
    [toYuv(EDGE, space), width + 2 * Math.max(2, 2 * Math.round(width / 4))],
    [toYuv(MARK, space), width],
  ] as const) {
    for (const [fromX, fromY, toX, toY] of stretches) {
      const half = 2 * Math.round(reach / 4);
      const box = { x: place.x(fromX) - half, y: place.y(fromY) - half };
      const size = { width: place.x(toX) - place.x(fromX) + reach, height: place.y(toY) - place.y(fromY) + reach };
      picture.fill({ ...box, ...size }, colour, 255);
    }
  }
}
