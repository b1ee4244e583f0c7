import { axisTicks } from '../axis-ticks.ts';
import { type Band, placeOf, type Surface, smallText } from './surface.ts';

/** Times along the top, and a faint line down through the lanes at each that is written. */
export function drawAxis(surface: Surface, { top, height }: Band, bottom: number): void {
  const { context, colours, span, widthPx } = surface;
  smallText(surface);
  context.strokeStyle = colours.line;
  context.fillStyle = colours.muted;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.beginPath();
  for (const { seconds, text } of axisTicks(span, widthPx)) {
    const x = Math.round(placeOf(surface, seconds)) + 0.5;
    context.moveTo(x, top + height - (text === null ? 3 : 6));
    context.lineTo(x, text === null ? top + height : bottom);
    if (text === null) continue;
    const textWidth = context.measureText(text).width;
    const left = Math.max(0, Math.min(x - textWidth / 2, widthPx - textWidth));
    context.fillText(text, left, top + height / 2 - 3);
  }
  context.stroke();
}
