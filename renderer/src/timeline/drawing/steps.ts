import { type TimeSpan, touch } from '#contract/intervals.ts';
import { lastBegun } from '../find-span.ts';
import { type Band, placeOf, type Surface } from './surface.ts';

interface Level {
  readonly left: number;
  readonly right: number;
  readonly value: number;
  /** Whether it begins where the one before ends. */
  readonly joined: boolean;
}

/** The steps that can be seen. Where several fall onto one pixel, the largest stands for them. */
function levels(surface: Surface, spans: readonly TimeSpan[], levelOf: (index: number) => number): readonly Level[] {
  const found: Level[] = [];
  const first = Math.max(0, lastBegun(spans, surface.span.startSeconds));
  for (let i = first; i < spans.length; i++) {
    const span = spans[i];
    if (span === undefined || span.startSeconds > surface.span.endSeconds) break;
    const before = spans[i - 1];
    const [left, right] = [placeOf(surface, span.startSeconds), placeOf(surface, span.endSeconds)];
    const joined = i > first && before !== undefined && touch(before, span);
    const last = found.at(-1);
    const value = levelOf(i);
    if (last !== undefined && joined && right - last.left < 1) {
      found[found.length - 1] = { ...last, right, value: Math.max(last.value, value) };
    } else found.push({ left, right, value, joined });
  }
  return found;
}

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
  context.globalAlpha = areaOpacity;
  if (areaOpacity > 0) {
    for (const { left, right, value } of seen) context.fillRect(left, y(value), right - left, bottom - y(value));
  }
  context.globalAlpha = 1;
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
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
