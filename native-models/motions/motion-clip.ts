import { scenePainter } from './drawing/scene-painter.ts';
import { sampledFrames, sceneFrames } from './scene/clock.ts';
import { sceneOf } from './scene/scene.ts';
import type { MotionSplit } from './splits.ts';

export interface MotionClipOptions {
  /** Frames, spread evenly over the scene's 64. */
  readonly frames: number;
  /** Pixels of a side. */
  readonly size: number;
}

export interface MotionClip {
  /** `[frames, size, size, 3]`, RGB, 0–255 sRGB. */
  readonly pixels: Uint8Array;
  /** `[frames, size, size]`: 1 where more than half of a pixel shows the figure (not its shadow), else 0. */
  readonly mask: Uint8Array;
  /** `[frames, size, size]`: index into `bodyRegions`, counted from 1, of what the mask shows; else 0. */
  readonly regions: Uint8Array;
  /** Index into `motionClasses`. */
  readonly label: number;
}

/**
 * Draws clip `index` of `split`. The same arguments give the same bytes on every machine: all is made of integer and
 * IEEE 754 arithmetic, and of square roots, which the standard rounds correctly as well.
 *
 * @throws RangeError for an index, a number of frames or a size that cannot be.
 */
export function motionClip(split: MotionSplit, index: number, { frames, size }: MotionClipOptions): MotionClip {
  if (!Number.isInteger(frames) || frames < 1 || frames > sceneFrames) {
    throw new RangeError(`A clip has 1 to ${sceneFrames} frames, not ${frames}.`);
  }
  if (!Number.isInteger(size) || size < 16) throw new RangeError(`A frame has 16 pixels a side or more, not ${size}.`);
  const scene = sceneOf(split, index);
  const painter = scenePainter(scene, size);
  const plane = size * size;
  const pixels = new Uint8Array(frames * plane * 3);
  const mask = new Uint8Array(frames * plane);
  const regions = new Uint8Array(frames * plane);
  const planeOf = (planes: Uint8Array, i: number) => planes.subarray(i * plane, (i + 1) * plane);
  for (const [i, frame] of sampledFrames(frames).entries()) {
    const colours = pixels.subarray(i * plane * 3, (i + 1) * plane * 3);
    painter.draw(frame, colours, planeOf(mask, i), planeOf(regions, i));
  }
  return { pixels, mask, regions, label: scene.performance.label };
}
