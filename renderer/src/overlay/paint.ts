import { MOSTLY_KEPT, outlineOf, type Stretch } from '#contract/overlay/outline.ts';
import type { PatchField } from '#contract/overlay/patch-field.ts';
import { type ScoreRange, shareOf } from '#contract/overlay/score-range.ts';
import type { Settings } from '#contract/settings.ts';
import type { Box } from './content-box.ts';
import { viridisColour } from './viridis-colour.ts';

export type OverlayMode = Settings['overlay']['mode'];

/** The square that a view sees. */
export interface CropMark {
  readonly label: string;
  /** Where the label stands: crops overlap, labels must not. */
  readonly corner: 'top-left' | 'bottom-left' | 'bottom-right';
  /** Upper left corner in the scaled frame. */
  readonly origin: readonly [number, number];
  readonly side: number;
  /** Whether what is shown is this view's alone. */
  readonly isShown: boolean;
}

/** Everything that one picture of the overlay is made of. */
export interface OverlayScene {
  /** Where the video is, in pixels of the canvas. */
  readonly box: Box;
  /** Size of the scaled frame that fields and crops are measured in. */
  readonly frameSize: readonly [number, number];
  /** Null while there are no scores. */
  readonly field: PatchField | null;
  readonly range: ScoreRange;
  readonly mode: OverlayMode;
  /** 0 … 1 */
  readonly opacity: number;
  readonly crops: readonly CropMark[];
  /** Canvas pixels in a CSS pixel. */
  readonly pixelRatio: number;
  readonly colours: { readonly mark: string; readonly edge: string };
}

/** Draws a scene in the place of whatever was on the canvas. */
export function paintOverlay(context: CanvasRenderingContext2D, scene: OverlayScene): void {
  const { canvas } = context;
  context.clearRect(0, 0, canvas.width, canvas.height);
  const { field, mode } = scene;
  if (field !== null && mode !== 'off') {
    if (mode === 'heat') paintHeat(context, scene, field);
    if (mode === 'kept') paintDropped(context, scene, field);
    if (mode !== 'heat') paintStretches(context, scene, outlineOf(field), mode === 'outline' ? 2 : 1);
  }
  for (const crop of scene.crops) if (!crop.isShown) paintCrop(context, scene, crop);
  for (const crop of scene.crops) if (crop.isShown) paintCrop(context, scene, crop);
}

/** From the scaled frame to whole pixels of the canvas, so that neighbours touch without a seam. */
function placing({ box, frameSize }: OverlayScene) {
  const x = (value: number) => Math.round(box.x + (value / frameSize[0]) * box.width);
  const y = (value: number) => Math.round(box.y + (value / frameSize[1]) * box.height);
  return { x, y };
}

function eachCell(
  scene: OverlayScene,
  { xs, ys }: PatchField,
  paint: (cell: number, x: number, y: number, width: number, height: number) => void,
): void {
  const place = placing(scene);
  const left = xs.map(place.x);
  const top = ys.map(place.y);
  const columns = xs.length - 1;
  for (let row = 0; row + 1 < top.length; row++) {
    const y = top[row] ?? 0;
    for (let column = 0; column < columns; column++) {
      const x = left[column] ?? 0;
      paint(row * columns + column, x, y, (left[column + 1] ?? x) - x, (top[row + 1] ?? y) - y);
    }
  }
}

function paintHeat(context: CanvasRenderingContext2D, scene: OverlayScene, field: PatchField): void {
  context.globalAlpha = scene.opacity;
  eachCell(scene, field, (cell, x, y, width, height) => {
    const score = field.scores[cell] ?? Number.NaN;
    if (Number.isNaN(score)) return;
    context.fillStyle = viridisColour(shareOf(score, scene.range));
    context.fillRect(x, y, width, height);
  });
  context.globalAlpha = 1;
}

/** Dropped patches recede; the kept ones are left as they are. */
function paintDropped(context: CanvasRenderingContext2D, scene: OverlayScene, field: PatchField): void {
  context.fillStyle = scene.colours.edge;
  eachCell(scene, field, (cell, x, y, width, height) => {
    const kept = field.kept[cell] ?? Number.NaN;
    if (Number.isNaN(kept) || kept === 1) return;
    context.globalAlpha = scene.opacity * (kept >= MOSTLY_KEPT ? 1 - kept : 1);
    context.fillRect(x, y, width, height);
  });
  context.globalAlpha = 1;
}

/** Light on dark on whatever there is. */
function paintStretches(
  context: CanvasRenderingContext2D,
  scene: OverlayScene,
  stretches: readonly Stretch[],
  cssWidth: number,
): void {
  const place = placing(scene);
  const path = new Path2D();
  for (const [fromX, fromY, toX, toY] of stretches) {
    path.moveTo(place.x(fromX), place.y(fromY));
    path.lineTo(place.x(toX), place.y(toY));
  }
  stroke(context, scene, path, cssWidth);
}

function stroke(context: CanvasRenderingContext2D, scene: OverlayScene, path: Path2D, cssWidth: number): void {
  const { pixelRatio, colours } = scene;
  // Dashes would grow together with square ends.
  context.lineCap = context.getLineDash().length === 0 ? 'square' : 'butt';
  context.strokeStyle = colours.edge;
  context.lineWidth = (cssWidth + 2) * pixelRatio;
  context.stroke(path);
  context.strokeStyle = colours.mark;
  context.lineWidth = cssWidth * pixelRatio;
  context.stroke(path);
}

function paintCrop(context: CanvasRenderingContext2D, scene: OverlayScene, crop: CropMark): void {
  const { pixelRatio, colours } = scene;
  const place = placing(scene);
  // Inside of the crop, so that one as large as the picture is seen, too.
  const inset = 1.5 * pixelRatio;
  const x = place.x(crop.origin[0]) + inset;
  const y = place.y(crop.origin[1]) + inset;
  const right = place.x(crop.origin[0] + crop.side) - inset;
  const bottom = place.y(crop.origin[1] + crop.side) - inset;
  const path = new Path2D();
  path.rect(x, y, right - x, bottom - y);
  context.globalAlpha = crop.isShown ? 1 : 0.7;
  context.setLineDash(crop.isShown ? [] : [5 * pixelRatio, 5 * pixelRatio]);
  stroke(context, scene, path, crop.isShown ? 1.5 : 1);
  context.setLineDash([]);

  context.font = `${11 * pixelRatio}px system-ui, sans-serif`;
  const padding = 4 * pixelRatio;
  const height = 17 * pixelRatio;
  const width = context.measureText(crop.label).width + 2 * padding;
  const labelX = crop.corner === 'bottom-right' ? right - width : x;
  const labelY = crop.corner === 'top-left' ? y : bottom - height;
  context.globalAlpha = 0.8;
  context.fillStyle = colours.edge;
  context.fillRect(labelX, labelY, width, height);
  context.globalAlpha = 1;
  context.fillStyle = crop.isShown ? colours.mark : '#ffffff';
  context.textBaseline = 'middle';
  context.fillText(crop.label, labelX + padding, labelY + height / 2);
}
