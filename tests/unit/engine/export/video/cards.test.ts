import { describe, expect, test } from 'vitest';
import { clockText } from '#engine/export/video/clock.ts';
import { DrawingBoard, textElement } from '#engine/export/video/drawing.ts';
import { type CardName, type CardSize, placeCards } from '#engine/export/video/layout.ts';
import { fitted, readableText } from '#engine/export/video/readable-text.ts';

describe('readableText', () => {
  test('keeps Latin, Greek and Cyrillic letters and the signs between them', () => {
    const text = 'Straße – naïve Łódź (ß) “x” · Χαῖρε · Привет, ё!';
    expect(readableText(text)).toBe(text);
  });

  test('puts letters together that are written as two', () => {
    expect(readableText('Cafe\u0301')).toBe('Café');
  });

  test('says where it has no sign, one for each character', () => {
    expect(readableText('拍手 clap 👏')).toBe('□□ clap □');
  });

  test('is one line without control characters', () => {
    expect(readableText(' sit\n\tdown \u202e\u0007 ')).toBe('sit down');
  });
});

describe('fitted', () => {
  const widthOf = (text: string) => text.length;

  test('leaves what fits, and shortens what does not to the last character that does', () => {
    expect(fitted('squat', 5, widthOf)).toBe('squat');
    expect(fitted('jumping jack', 8, widthOf)).toBe('jumping…');
    expect(fitted('jumping jack', 9, widthOf)).toBe('jumping…');
    expect(fitted('abc', 1, widthOf)).toBe('…');
  });
});

describe('clockText', () => {
  test('writes times as people do', () => {
    expect([0, 123, 6009, 36000, 372_345].map(clockText)).toEqual([
      '0:00.0',
      '0:12.3',
      '10:00.9',
      '1:00:00.0',
      '10:20:34.5',
    ]);
  });
});

describe('DrawingBoard', () => {
  test('draws letters of three alphabets, each with a shape of its own', async () => {
    const board = await DrawingBoard.open();
    const inkOf = (text: string) => {
      const place = { x: 4, y: 40, size: 40, weight: 400, colour: '#fff' } as const;
      return Buffer.from(board.draw(64, 56, textElement(text, place)).pixels).toString('base64');
    };
    const shapes = [...'aßŁΩλЖё€□'].map(inkOf);
    expect(new Set(shapes).size).toBe(shapes.length);
    expect(shapes).not.toContain(inkOf(' '));
  });

  test('measures text: twice as large is twice as wide, and marks of SVG are only text', async () => {
    const board = await DrawingBoard.open();
    expect(board.textWidth('clap', 40, 400)).toBeCloseTo(2 * board.textWidth('clap', 20, 400));
    expect(board.textWidth('clap', 40, 600)).toBeGreaterThan(board.textWidth('clap', 40, 400));
    expect(board.textWidth('<b>&amp;', 40, 400)).toBeGreaterThan(board.textWidth('<b>', 40, 400));
  });
});

describe('placeCards', () => {
  const cards: Record<CardName, CardSize> = {
    prediction: { width: 760, height: 120 },
    facts: { width: 160, height: 100 },
    model: { width: 180, height: 40 },
    legend: { width: 240, height: 40 },
  };
  const boxes = (picture: CardSize, wanted = cards) =>
    [...placeCards(picture, wanted)].map(([name, place]) => ({ name, ...place, ...wanted[name] }));

  test('keeps cards apart, inside of the safe area and at even places, whatever the picture', () => {
    for (const [width, height] of [
      [1920, 1080],
      [1080, 1920],
      [820, 480],
      [800, 420],
      [780, 300],
      [776, 170],
    ] as const) {
      const placed = boxes({ width, height });
      const margin = 0.03 * Math.min(width, height);
      for (const box of placed) {
        expect([box.x % 2, box.y % 2]).toEqual([0, 0]);
        expect(box.x).toBeGreaterThanOrEqual(margin - 2);
        expect(box.x + box.width).toBeLessThanOrEqual(width);
        expect(box.y + box.height).toBeLessThanOrEqual(height - margin + 2);
        for (const other of placed) {
          if (other === box) continue;
          const apart =
            box.x >= other.x + other.width ||
            other.x >= box.x + box.width ||
            box.y >= other.y + other.height ||
            other.y >= box.y + box.height;
          expect(apart, `${box.name} and ${other.name} in ${width}×${height}`).toBe(true);
        }
      }
      expect(placed.map(({ name }) => name)).toContain('prediction');
    }
  });

  test('puts every card into a corner where there is room', () => {
    expect(boxes({ width: 1920, height: 1080 }).map(({ name }) => name)).toEqual([
      'prediction',
      'facts',
      'model',
      'legend',
    ]);
  });

  test('leaves out the legend before the model’s name, and that before time and keep ratio', () => {
    const narrow = { ...cards, prediction: { width: 380, height: 120 } };
    const names = (height: number) => boxes({ width: 400, height }, narrow).map(({ name }) => name);
    expect(names(380)).toEqual(['prediction', 'facts', 'model', 'legend']);
    expect(names(330)).toEqual(['prediction', 'facts', 'model']);
    expect(names(270)).toEqual(['prediction', 'facts']);
    expect(names(160)).toEqual(['prediction']);
  });
});
