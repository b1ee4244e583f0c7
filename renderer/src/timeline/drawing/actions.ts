import type { ActionInterval } from '#contract/intervals.ts';
import { lookOf } from '../class-look.ts';
import { spansInside } from '../find-span.ts';
import { percentText } from '../time-text.ts';
import { patternFill } from './patterns.ts';
import { type Band, placeOf, type Surface, smallText } from './surface.ts';

const PADDING_PX = 7;
const LEAST_FOR_TEXT_PX = 34;
const LEAST_FOR_PATTERN_PX = 6;

/** A block with room for its name. */
interface Named {
  readonly name: string;
  readonly percent: string;
  /** Where the text begins, and how wide it may be, in pixels. */
  readonly from: number;
  readonly room: number;
}

/** Blocks in the look of their class, with its name where there is room. */
export function drawActions(
  surface: Surface,
  band: Band,
  intervals: readonly ActionInterval[],
  nameOf: (classIndex: number) => string,
  current: ActionInterval | null,
): void {
  const named: Named[] = [];
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
    // Written where it can be seen, also of a block that begins before the left edge.
    const from = Math.max(0, left) + PADDING_PX;
    const room = Math.min(surface.widthPx, right) - PADDING_PX - from;
    if (width < LEAST_FOR_TEXT_PX || room < LEAST_FOR_TEXT_PX - 2 * PADDING_PX) continue;
    named.push({
      name: nameOf(interval.classIndex),
      percent: percentText(interval.probability, 0),
      from,
      room,
    });
  }
  drawNames(surface, band, named);
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

/** All names, then all percentages, so that the font changes twice. */
function drawNames(surface: Surface, { top, height }: Band, named: readonly Named[]): void {
  const { context, colours } = surface;
  const middle = top + (height - 3) / 2 + 0.5;
  context.fillStyle = colours.text;
  smallText(surface, 600);
  const used = named.map(({ name, from, room }) => {
    const text = shortened(context, name, room);
    context.fillText(text, from, middle);
    return text === name ? context.measureText(text).width + 6 : Number.POSITIVE_INFINITY;
  });
  smallText(surface);
  for (const [i, { percent, from, room }] of named.entries()) {
    const before = used[i] ?? 0;
    if (before + context.measureText(percent).width <= room) context.fillText(percent, from + before, middle);
  }
}

function shortened(context: CanvasRenderingContext2D, text: string, room: number): string {
  if (context.measureText(text).width <= room) return text;
  let length = text.length - 1;
  while (length > 0 && context.measureText(`${text.slice(0, length)}…`).width > room) length--;
  return length === 0 ? '' : `${text.slice(0, length).trimEnd()}…`;
}
