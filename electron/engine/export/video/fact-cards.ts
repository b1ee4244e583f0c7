import { viridis } from '#contract/overlay/viridis.ts';
import type { VideoExport } from '#contract/video-export.ts';
import { type Card, evenUp, ground, INK, percent, SIZE, textLine } from './card.ts';
import { CLOCK_HEIGHT, clockWidth } from './clock.ts';
import { type DrawingBoard, type TextPlace, textElement } from './drawing.ts';

/** Where the clock goes on {@link factsCard}. */
export interface ClockPlace {
  readonly x: number;
  readonly y: number;
}

/**
 * The card for time and keep ratio; the clock itself is drawn onto it later, since it changes all the time.
 *
 * @param clock The longest time that it shows; null for no clock.
 * @param keepRatio Null where there is nothing to say; undefined for no keep ratio.
 */
export function factsCard(
  board: DrawingBoard,
  clock: string | null,
  keepRatio: number | null | undefined,
  unit: number,
): Card & { readonly clockPlace: ClockPlace | null } {
  const padding = SIZE.padding * unit;
  const small: Omit<TextPlace, 'x' | 'y'> = { size: SIZE.small * unit, weight: 400, colour: INK.muted, anchor: 'end' };
  const keptText = keepRatio === undefined ? null : `kept ${keepRatio === null ? '–' : percent(keepRatio)}`;
  const keptWidth = keptText === null ? 0 : board.textWidth('kept 100 %', small.size, 400);
  const clockSize = clock === null ? 0 : clockWidth(clock, unit);
  const width = evenUp(Math.max(keptWidth, clockSize) + 2 * padding);
  const clockHeight = clock === null ? 0 : CLOCK_HEIGHT * unit;
  const keptHeight = keptText === null ? 0 : 1.2 * small.size;
  const gap = clock !== null && keptText !== null ? 0.35 * small.size : 0;
  const height = evenUp(clockHeight + gap + keptHeight + 1.6 * padding);
  const y = height - 0.8 * padding - 0.22 * small.size;
  const body =
    ground(width, height, unit) + (keptText === null ? '' : textElement(keptText, { ...small, x: width - padding, y }));
  const clockPlace =
    clock === null ? null : { x: 2 * Math.round((width - padding) / 2), y: 2 * Math.round((0.8 * padding) / 2) };
  return { width, height, body, clockPlace };
}

/** The model's name, and that it has learnt nothing where this is so. */
export function modelCard(
  board: DrawingBoard,
  model: { name: string; trained: boolean },
  room: number,
  unit: number,
): Card {
  const text = model.trained ? model.name : `${model.name} (random weights)`;
  const size = SIZE.small * unit;
  const padding = SIZE.pillPadding * unit;
  const width = Math.min(room, board.textWidth(text, size, 400) + 2 * padding);
  const card = { width: evenUp(width), height: evenUp(size + 1.5 * padding) };
  const place = { x: padding, y: card.height / 2 + 0.36 * size, size, weight: 400, colour: INK.muted } as const;
  // Half a pixel is no reason for an ellipsis.
  const line = textLine(board, text, card.width - 2 * padding + 1, place);
  return { ...card, body: ground(card.width, card.height, unit) + line };
}

/** What the colours on the picture mean; null where there are none. */
export function legendCard(board: DrawingBoard, mode: VideoExport['overlay']['mode'], unit: number): Card | null {
  if (mode === 'off') return null;
  const size = SIZE.small * unit;
  const padding = SIZE.pillPadding * unit;
  const height = evenUp(size + 1.5 * padding);
  const parts: string[] = [];
  let x = padding;
  const say = (text: string) => {
    const place = { x, y: height / 2 + 0.36 * size, size, weight: 400, colour: INK.muted } as const;
    parts.push(textElement(text, place));
    x += board.textWidth(text, size, 400);
  };
  const top = height / 2 - 0.4 * size;
  if (mode === 'heat') {
    say('score  low');
    x += 0.5 * size;
    parts.push(colourRamp(x, top, 6 * size, 0.8 * size));
    x += 6.5 * size;
    say('high');
  } else {
    parts.push(swatch(x, top, 0.8 * size, mode === 'kept' ? 'kept' : 'outline'));
    x += 1.3 * size;
    say('kept');
    if (mode === 'kept') {
      x += 1.1 * size;
      parts.push(swatch(x, top, 0.8 * size, 'dropped'));
      x += 1.3 * size;
      say('dropped');
    }
  }
  const width = evenUp(x + padding);
  return { width, height, body: ground(width, height, unit) + parts.join('') };
}

function colourRamp(x: number, y: number, width: number, height: number): string {
  const stops = Array.from({ length: 9 }, (_, i) => {
    return `<stop offset="${i / 8}" stop-color="rgb(${viridis(i / 8).join(',')})"/>`;
  });
  const rect = `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${height / 4}" fill="url(#ramp)"/>`;
  return `<linearGradient id="ramp">${stops.join('')}</linearGradient>${rect}`;
}

function swatch(x: number, y: number, side: number, kind: 'kept' | 'dropped' | 'outline'): string {
  const fill = { kept: '#ffffff', dropped: '#000000', outline: 'none' }[kind];
  const stroke = kind === 'outline' ? INK.mark : INK.muted;
  const line = side / (kind === 'outline' ? 6 : 12);
  return `<rect x="${x}" y="${y}" width="${side}" height="${side}" rx="${side / 8}" fill="${fill}" stroke="${stroke}" stroke-width="${line}"/>`;
}
