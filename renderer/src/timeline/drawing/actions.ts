import type { ActionInterval } from '#contract/intervals.ts';
import { lookOf } from '../class-look.ts';
import { spansInside } from '../find-span.ts';
import { percentText } from '../time-text.ts';
import { patternFill } from './patterns.ts';
import { type Band, placeOf, type Surface, smallText } from './surface.ts';

const PADDING_PX = 7;
const LEAST_FOR_TEXT_PX = 34;

/** Blocks in the look of their class, with its name where there is room. */
export function drawActions(
  surface: Surface,
  band: Band,
  intervals: readonly ActionInterval[],
  nameOf: (classIndex: number) => string,
  current: ActionInterval | null,
): void {
  for (const interval of spansInside(intervals, surface.span)) {
    const left = placeOf(surface, interval.startSeconds);
    const right = placeOf(surface, interval.endSeconds);
    const width = right - left;
    drawBlock(
      surface,
      band,
      interval.classIndex,
      left,
      Math.max(1, width > 4 ? width - 1 : width),
      interval === current,
    );
    if (width >= LEAST_FOR_TEXT_PX) drawName(surface, band, interval, nameOf(interval.classIndex), left, width);
  }
}

function drawBlock(
  { context, colours }: Surface,
  { top, height }: Band,
  classIndex: number,
  left: number,
  width: number,
  isCurrent: boolean,
): void {
  const { category, pattern } = lookOf(classIndex);
  const colour = colours.categories[category - 1] ?? colours.lineStrong;
  context.save();
  context.beginPath();
  context.roundRect(left, top, width, height, Math.min(3, width / 3));
  context.clip();
  context.fillStyle = colour;
  context.globalAlpha = isCurrent ? 0.42 : 0.22;
  context.fillRect(left, top, width, height);
  const fill = patternFill(context, pattern, colour);
  if (fill !== null) {
    context.globalAlpha = 0.32;
    context.fillStyle = fill;
    context.fillRect(left, top, width, height);
  }
  context.globalAlpha = 1;
  context.fillStyle = colour;
  context.fillRect(left, top + height - 3, width, 3);
  context.restore();
}

/** Written where it can be seen, also of a block that begins before the left edge. */
function drawName(
  surface: Surface,
  { top, height }: Band,
  { probability }: ActionInterval,
  name: string,
  left: number,
  width: number,
): void {
  const { context, colours, widthPx } = surface;
  const from = Math.max(0, left) + PADDING_PX;
  const room = Math.min(widthPx, left + width) - PADDING_PX - from;
  const middle = top + (height - 3) / 2 + 0.5;
  if (room < LEAST_FOR_TEXT_PX - 2 * PADDING_PX) return;
  smallText(surface, 600);
  context.fillStyle = colours.text;
  const text = shortened(context, name, room);
  context.fillText(text, from, middle);
  const used = context.measureText(text).width + 6;
  smallText(surface);
  const percent = percentText(probability, 0);
  if (text === name && used + context.measureText(percent).width <= room)
    context.fillText(percent, from + used, middle);
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let length = text.length - 1;
  while (length > 0 && context.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return length === 0 ? '' : `${text.slice(0, length).trimEnd()}…`;
}
