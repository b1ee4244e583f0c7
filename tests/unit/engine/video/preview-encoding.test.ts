import fc from 'fast-check';
import { expect, test } from 'vitest';
import { previewSize } from '#engine/video/preview-encoding.ts';

test.each([
  [
    { width: 1920, height: 1080 },
    { width: 1280, height: 720 },
  ],
  [
    { width: 1080, height: 1920 },
    { width: 720, height: 1280 },
  ],
  [
    { width: 3840, height: 2160 },
    { width: 1280, height: 720 },
  ],
  [
    { width: 320, height: 240 },
    { width: 320, height: 240 },
  ],
  [
    { width: 427, height: 256 },
    { width: 428, height: 256 },
  ],
  [
    { width: 1280, height: 360 },
    { width: 1280, height: 360 },
  ],
  [
    { width: 10_000, height: 3 },
    { width: 1280, height: 2 },
  ],
  [
    { width: 1, height: 1 },
    { width: 2, height: 2 },
  ],
])('a picture of %o is stored as %o', (shown, stored) => {
  expect(previewSize(shown)).toEqual(stored);
});

test('a preview is even, never larger than 1280 pixels, and keeps its shape but for the rounding', () => {
  const side = fc.integer({ min: 1, max: 16_384 });
  fc.assert(
    fc.property(side, side, (width, height) => {
      const stored = previewSize({ width, height });
      const factor = Math.min(1, 1280 / Math.max(width, height));
      for (const [length, original] of [
        [stored.width, width],
        [stored.height, height],
      ] as const) {
        expect(length % 2).toBe(0);
        expect(length).toBeLessThanOrEqual(1280);
        expect(Math.abs(length - Math.max(2, original * factor))).toBeLessThanOrEqual(1);
      }
    }),
  );
});
