import { type TimeSpan, touch } from '#contract/intervals.ts';
import { lastBegun } from '../find-span.ts';
import { type Band, placeOf, type Surface } from './surface.ts';

interface Level {
  readonly left: number;
  right: number;
  value: number;
  /** Whether it begins where the one before ends. */
  readonly joined: boolean;
}

/** The steps that can be seen. Where several fall onto one pixel, the largest stands for them. */
function levels(surface: Surface, spans: readonly TimeSpan[], levelOf: (index: number) => number): readonly Level[] {
  const found: Level[] = [];
  const first = Math.max(0, lastBegun(spans, surface.span.startSeconds));
  let last: Level | undefined;
  for (let i = first; i < spans.length; i++) {
    const span = spans[i];
    if (span === undefined || span.startSeconds > surface.span.endSeconds) break;
    const before = spans[i - 1];
    const right = placeOf(surface, span.endSeconds);
    const joined = i > first && before !== undefined && touch(before, span);
    if (last !== undefined && joined && right - last.left < 1) {
      last.right = right;
      last.value = Math.max(last.value, levelOf(i));
    } else {
      last = { left: placeOf(surface, span.startSeconds), right, value: levelOf(i), joined };
      found.push(last);
    }
  }
  return found;
}

/** Dashes of steps that are shorter on average cannot be told apart. */
const LEAST_FOR_DASHES_PX = 8;

/** How a line of steps is drawn. */
export interface StepStyle {
  readonly colour: string;
  readonly dash: readonly number[];
  /** Of the area below the line; 0 for none. */
  readonly areaOpacity: number;
}

/** A line of steps, interrupted where there are no clips, over a quiet area. */
export function drawSteps(
  surface: Surface,
  { top, height }: Band,
  spans: readonly TimeSpan[],
  levelOf: (index: number) => number,
  { colour, dash, areaOpacity }: StepStyle,
): void {
  const { context } = surface;
  const bottom = top + height;
  const seen = levels(surface, spans, levelOf);
  const y = (value: number) => bottom - 1 - value * (height - 2);
  context.fillStyle = colour;
  if (areaOpacity > 0) {
    context.globalAlpha = areaOpacity;
    for (const { left, right, value } of seen) context.fillRect(left, y(value), right - left, bottom - y(value));
    context.globalAlpha = 1;
  }
  const isDashed = dash.length > 0 && surface.widthPx / seen.length >= LEAST_FOR_DASHES_PX;
  if (isDashed) strokeDashes(context, seen, y, { colour, dash });
  else fillLine(context, seen, y);
}

const LINE_PX = 1.5;

/** Rectangles: thousands of them are drawn much faster than a line with as many corners. */
function fillLine(context: CanvasRenderingContext2D, seen: readonly Level[], y: (value: number) => number): void {
  let before = 0;
  for (const { left, right, value, joined } of seen) {
    const at = y(value);
    context.fillRect(left, at - LINE_PX / 2, right - left, LINE_PX);
    if (joined)
      context.fillRect(
        left - LINE_PX / 2,
        Math.min(at, before) - LINE_PX / 2,
        LINE_PX,
        Math.abs(at - before) + LINE_PX,
      );
    before = at;
  }
}

function strokeDashes(
  context: CanvasRenderingContext2D,
  seen: readonly Level[],
  y: (value: number) => number,
  { colour, dash }: Pick<StepStyle, 'colour' | 'dash'>,
): void {
  context.strokeStyle = colour;
  context.lineWidth = LINE_PX;
  context.setLineDash([...dash]);
  context.beginPath();
  for (const { left, right, value, joined } of seen) {
    if (joined) context.lineTo(left, y(value));
    else context.moveTo(left, y(value));
    context.lineTo(right, y(value));
  }
  context.stroke();
  context.setLineDash([]);
}
