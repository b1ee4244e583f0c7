import type { Rgb } from '#contract/overlay/viridis.ts';

/** A corner of the colour map's trapezoids: 0 before, 1 behind, of 256 colours. */
const channel = (index: number, middle: number) => toByte(382.5 - Math.abs(4 * index - 255 * middle));

/**
 * The colour map JET as OpenCV has it, which the published tool draws with: each channel is a trapezoid around ¾ (red), ½
 * (green) and ¼ (blue) of the range.
 *
 * @param index 0–255
 */
export function jet(index: number): Rgb {
  return [channel(index, 3), channel(index, 2), channel(index, 1)];
}

/** Halves to the even neighbour, as OpenCV rounds. */
function toByte(value: number): number {
  const nearest = Math.floor(value + 0.5);
  const rounded = value + 0.5 === nearest && nearest % 2 !== 0 ? nearest - 1 : nearest;
  return Math.min(255, Math.max(0, rounded));
}
