import type { ClipResult, Prediction } from '#contract/analysis.ts';
import { bar, type Card, evenUp, ground, INK, percent, SIZE, textLine } from './card.ts';
import { type DrawingBoard, textElement } from './drawing.ts';

/** Width of one prediction, for a short side of 1080 pixels. */
const BLOCK_WIDTH = 360;

export type Arrangement = 'beside' | 'below';

interface Block {
  /** Where two are compared. */
  readonly caption: string | null;
  readonly prediction: Prediction | undefined;
  readonly colour: string;
}

/** Size of the card, whatever it says: it must not jump from clip to clip. */
export function predictionCardSize(
  which: 'one' | 'both',
  arrangement: Arrangement,
  unit: number,
): { readonly width: number; readonly height: number } {
  const { width, height } = blockSize(which, unit);
  const padding = 2 * SIZE.padding * unit;
  const twice = which === 'both' ? 1 : 0;
  const gap = (arrangement === 'beside' ? SIZE.gap : SIZE.padding) * unit;
  return {
    width: evenUp(width + padding + (arrangement === 'beside' ? twice * (width + gap) : 0)),
    height: evenUp(height + padding + (arrangement === 'below' ? twice * (height + gap) : 0)),
  };
}

/** What the model says of a clip: the winner, its probability as a number and as a bar; once, or one clip against three. */
export function predictionCard(
  board: DrawingBoard,
  clip: ClipResult,
  which: 'one' | 'both',
  arrangement: Arrangement,
  unit: number,
): Card {
  const card = predictionCardSize(which, arrangement, unit);
  const block = blockSize(which, unit);
  const padding = SIZE.padding * unit;
  const parts = [ground(card.width, card.height, unit)];
  for (const [i, content] of blocksOf(clip, which).entries()) {
    const x = padding + (arrangement === 'beside' ? i * (block.width + SIZE.gap * unit) : 0);
    const y = padding + (arrangement === 'below' ? i * (block.height + padding) : 0);
    parts.push(drawBlock(board, content, x, y, block.width, unit));
  }
  return { ...card, body: parts.join('') };
}

function blockSize(which: 'one' | 'both', unit: number) {
  const caption = which === 'both' ? SIZE.small * 1.5 : 0;
  return { width: BLOCK_WIDTH * unit, height: (caption + SIZE.label * 1.35 + SIZE.bar) * unit };
}

function blocksOf({ oneClip, threeClip }: ClipResult, which: 'one' | 'both'): readonly Block[] {
  const [one, three] = [oneClip.top[0], threeClip?.top[0]];
  if (which === 'one') return [{ prediction: one, colour: INK.mark, caption: null }];
  const caption = threeClip === undefined || threeClip.agrees ? 'Three clips' : 'Three clips ≠';
  // In the window's colours.
  return [
    { prediction: one, colour: INK.other, caption: 'One clip' },
    { prediction: three, colour: INK.mark, caption },
  ];
}

function drawBlock(board: DrawingBoard, block: Block, x: number, y: number, width: number, unit: number): string {
  const parts: string[] = [];
  let base = y;
  if (block.caption !== null) {
    base += SIZE.small * unit;
    parts.push(textElement(block.caption, { x, y: base, size: SIZE.small * unit, weight: 400, colour: INK.muted }));
    base += 0.5 * SIZE.small * unit;
  }
  base += 0.85 * SIZE.label * unit;
  const { label = '–', probability = 0 } = block.prediction ?? {};
  const number = { x: x + width, y: base, size: SIZE.number * unit, weight: 400, colour: INK.text } as const;
  const share = percent(probability);
  const room = width - board.textWidth('100 %', number.size, 400) - 0.5 * SIZE.label * unit;
  parts.push(textLine(board, label, room, { x, y: base, size: SIZE.label * unit, weight: 600, colour: INK.text }));
  if (block.prediction !== undefined) parts.push(textElement(share, { ...number, anchor: 'end' }));
  parts.push(bar(x, base + 0.5 * SIZE.label * unit, width, probability, block.colour, unit));
  return parts.join('');
}
