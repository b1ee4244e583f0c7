import type { TimeSpan } from '#contract/intervals.ts';
import { spansInside } from '../find-span.ts';
import { patternFill } from './patterns.ts';
import { type Band, placeOf, type Surface, smallText } from './surface.ts';

/** Where one clip and three do not agree: a bar, with the sign for it where there is room. */
export function drawDisagreements(surface: Surface, { top, height }: Band, spans: readonly TimeSpan[]): void {
  const { context, colours } = surface;
  smallText(surface, 600);
  for (const span of spansInside(spans, surface.span)) {
    const left = placeOf(surface, span.startSeconds);
    const width = Math.max(2, placeOf(surface, span.endSeconds) - left - 1);
    context.globalAlpha = 0.24;
    context.fillStyle = colours.warning;
    context.beginPath();
    context.roundRect(left, top, width, height, Math.min(2, width / 3));
    context.fill();
    context.globalAlpha = 1;
    context.fillRect(left, top, Math.min(2, width), height);
    if (width < 18) continue;
    context.fillStyle = colours.text;
    const middle = (Math.max(0, left) + Math.min(surface.widthPx, left + width)) / 2;
    context.fillText('≠', middle - context.measureText('≠').width / 2, top + height / 2 + 0.5);
  }
}

/** Where nothing has been computed: thin lines across all lanes. */
export function drawUnknown(surface: Surface, { top, height }: Band, spans: readonly TimeSpan[]): void {
  const { context, colours, widthPx } = surface;
  const text = 'Not analysed';
  smallText(surface);
  const textWidth = context.measureText(text).width;
  for (const span of spansInside(spans, surface.span)) {
    const left = Math.max(0, placeOf(surface, span.startSeconds));
    const width = Math.min(widthPx, placeOf(surface, span.endSeconds)) - left;
    context.fillStyle = patternFill(context, 'unknown', colours.line) ?? colours.line;
    context.fillRect(left, top, Math.max(1, width), height);
    if (width < textWidth + 24) continue;
    const middle = left + width / 2;
    context.fillStyle = colours.ground;
    context.beginPath();
    context.roundRect(middle - textWidth / 2 - 8, top + height / 2 - 10, textWidth + 16, 20, 4);
    context.fill();
    context.fillStyle = colours.muted;
    context.fillText(text, middle - textWidth / 2, top + height / 2 + 0.5);
  }
}
