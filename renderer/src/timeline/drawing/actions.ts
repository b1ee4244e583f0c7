import type { ActionInterval } from '#contract/intervals.ts';
import { lookOf } from '../class-look.ts';
import { spansInside } from '../find-span.ts';
import { percentText } from '../time-text.ts';
import { patternFill } from './patterns.ts';
import { type Band, placeOf, type Surface, smallText } from './surface.ts';

const PADDING_PX = 7;
const LEAST_FOR_TEXT_PX = 34;
const LEAST_FOR_PATTERN_PX = 6;

/** Blocks in the look of their class, with its name where there is room. */
export function drawActions(
  surface: Surface,
  band: Band,
  intervals: readonly ActionInterval[],
  nameOf: (classIndex: number) => string,
  current: ActionInterval | null,
): void {
  let lastRight = Number.NEGATIVE_INFINITY;
  for (const interval of spansInside(intervals, surface.span)) {
    const left = placeOf(surface, interval.startSeconds);
    const right = placeOf(surface, interval.endSeconds);
    const width = right - left;
    // Of those that fall onto one pixel, the first stands for all.
    if (width < 1 && right < lastRight) continue;
    lastRight = left + Math.max(1, width);
    drawBlock(
      surface,
      band,
      interval.classIndex,
      left,
      width > 4 ? width - 1 : Math.max(1, width),
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
  const isWide = width >= LEAST_FOR_PATTERN_PX;
  const fill = (style: string | CanvasPattern, opacity: number) => {
    context.fillStyle = style;
    context.globalAlpha = opacity;
    if (isWide) context.fill();
    else context.fillRect(left, top, width, height);
  };
  if (isWide) {
    context.beginPath();
    context.roundRect(left, top, width, height, 3);
  }
  fill(colour, isCurrent ? 0.42 : 0.22);
  const lines = isWide ? patternFill(context, pattern, colour) : null;
  if (lines !== null) fill(lines, 0.32);
  context.globalAlpha = 1;
  context.fillStyle = colour;
  if (isWide) {
    context.beginPath();
    context.roundRect(left, top + height - 3, width, 3, [0, 0, 3, 3]);
    context.fill();
  } else context.fillRect(left, top + height - 3, width, 3);
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
