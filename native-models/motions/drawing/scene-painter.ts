import { paintBackground } from '../backgrounds/background.ts';
import type { Canvas } from '../backgrounds/canvas.ts';
import { framesPerSecond } from '../scene/clock.ts';
import type { Point } from '../scene/framing.ts';
import type { Appearance } from '../scene/performance.ts';
import { boxAround, partStride } from '../scene/projection.ts';
import type { Scene } from '../scene/scene.ts';
import type { Shape } from '../scene/things.ts';
import { through } from './lens.ts';
import { type Light, newPicture, type Picture } from './picture.ts';
import { drawPolygon } from './polygon.ts';
import { drawRoundParts, type Placement } from './round-parts.ts';
import { drawShadow } from './shadow.ts';

/** What to leave out of a picture, to see what it does. */
export interface Layers {
  readonly figure?: boolean;
  readonly shadow?: boolean;
  readonly lens?: boolean;
}

/** Draws frames of one scene at one size. */
export interface ScenePainter {
  /**
   * Draws frame `frame` of 0–63.
   *
   * @param pixels `[size, size, 3]`, filled with 0–255 sRGB.
   * @param mask `[size, size]`, filled with 1 where more than half of a pixel shows the figure: body, hair and clothes,
   *   not its shadow, and not what something else hides.
   * @param regions `[size, size]`, filled with the region of the body that is seen there, counted from 1; 0 off the mask.
   */
  draw(frame: number, pixels: Uint8Array, mask: Uint8Array, regions?: Uint8Array): void;
}

/** A painter for `scene`, whose background it paints once. */
export function scenePainter(scene: Scene, size: number, layers: Layers = {}): ScenePainter {
  const { background, framing } = scene;
  const backdrop = paintBackground(background.seed, framing.extent, size, framing.horizon);
  const picture = newPicture(size);
  const lens = through(scene.lens, size);
  return {
    draw(frame, pixels, mask, regions) {
      const seconds = frame / framesPerSecond;
      drawScene(scene, picture, backdrop, seconds, layers);
      for (let i = 0; i < mask.length; i++) {
        mask[i] = (picture.coverage[i] ?? 0) > 0.5 ? 1 : 0;
        if (regions !== undefined) regions[i] = mask[i] === 1 ? (picture.regions[i] ?? 0) : 0;
      }
      if (layers.lens ?? true) lens(picture.pixels, frame, seconds);
      pixels.set(picture.pixels);
    },
  };
}

function drawScene(scene: Scene, picture: Picture, backdrop: Canvas, seconds: number, layers: Layers): void {
  const { framing, light, stool } = scene;
  const { size } = picture;
  const appearance = scene.performance.at(seconds);
  const camera = framing.camera(seconds, appearance.gone);
  drawBackdrop(picture, backdrop, framing.backdrop(seconds, appearance.gone));
  picture.coverage.fill(0);

  const placement: Placement = {
    scale: framing.scale * size,
    x: (framing.origin.x - camera.x) * size,
    y: (framing.origin.y - camera.y) * size,
  };
  if ((layers.shadow ?? true) && scene.shadow > 0) {
    drawFigureShadow(picture, appearance, placement, scene.shadow, scene.performance.elevation);
  }
  drawThings(scene, picture, false, camera, seconds);
  picture.depth.fill(Infinity);
  if (stool !== null) drawRoundParts(picture, stool, placement, light, false);
  if (layers.figure ?? true) drawRoundParts(picture, appearance.parts, placement, light, true);
  drawThings(scene, picture, true, camera, seconds);
}

/** Copies the part of the backdrop that the camera sees, to the nearest whole pixel. */
function drawBackdrop({ size, pixels }: Picture, backdrop: Canvas, at: Point): void {
  const clamp = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
  const left = clamp((at.x - backdrop.left) * size, backdrop.width - size);
  const top = clamp((at.y - backdrop.top) * size, backdrop.height - size);
  for (let row = 0; row < size; row++) {
    const from = 3 * ((top + row) * backdrop.width + left);
    pixels.set(backdrop.pixels.subarray(from, from + 3 * size), 3 * row * size);
  }
}

function drawFigureShadow(
  picture: Picture,
  { parts, foot }: Appearance,
  { scale, x, y }: Placement,
  strength: number,
  elevation: number,
): void {
  const box = boxAround(parts);
  const rx = Math.max(0.28, 0.42 * (box.right - box.left)) * scale;
  const ry = rx * (0.16 + 0.6 * elevation);
  drawShadow(picture, { x: 0.5 * (box.left + box.right) * scale + x, y: foot.y * scale + y, rx, ry }, strength);
}

/** Things lie flat before or behind all that has depth; depth only orders the balls of one thing. */
function drawThings(
  { things, light }: Scene,
  picture: Picture,
  inFront: boolean,
  camera: Point,
  seconds: number,
): void {
  for (const thing of things) {
    if (thing.inFront !== inFront) continue;
    picture.depth.fill(Infinity);
    const at = thing.place(seconds);
    const [x, y] = [(at.x - camera.x) * picture.size, (at.y - camera.y) * picture.size];
    for (const shape of thing.shapes(seconds)) drawShape(picture, shape, x, y, light);
  }
}

function drawShape(picture: Picture, shape: Shape, x: number, y: number, light: Light): void {
  const { size } = picture;
  if (shape.kind === 'polygon') {
    const corners = shape.corners.map((value, i) => value * size + ((i & 1) === 0 ? x : y));
    const lit = light.ambient + 0.7 * light.key;
    drawPolygon(picture, corners, [shape.colour[0] * lit, shape.colour[1] * lit, shape.colour[2] * lit]);
    return;
  }
  const { x: middleX, y: middleY, radius, colour } = shape;
  const numbers = new Float64Array(partStride);
  numbers.set([middleX, middleY, 0, radius, middleX, middleY, 0, radius, ...colour]);
  drawRoundParts(picture, { count: 1, numbers }, { scale: size, x, y }, light, false);
}
