import { expect, test } from 'vitest';
import { viridis } from '#contract/overlay/viridis.ts';

// From matplotlib's table of viridis: entries 0, 64, 128, 191 and 255 of 256.
test.each([
  [0 / 255, [68, 1, 84]],
  [64 / 255, [59, 82, 139]],
  [128 / 255, [33, 145, 140]],
  [191 / 255, [94, 201, 98]],
  [255 / 255, [253, 231, 37]],
] as const)('at %d it is the published colour, but for 6 of 255', (share, published) => {
  for (const [i, channel] of viridis(share).entries()) expect(Math.abs(channel - published[i]!)).toBeLessThanOrEqual(6);
});

test('it grows lighter all the way', () => {
  const lightness = Array.from({ length: 101 }, (_, i) => {
    const [red, green, blue] = viridis(i / 100).map((channel) => {
      const share = channel / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
  });
  for (let i = 1; i < lightness.length; i++) expect(lightness[i]).toBeGreaterThan(lightness[i - 1]!);
});

test('what is outside takes the nearer end', () => {
  expect(viridis(-1)).toEqual(viridis(0));
  expect(viridis(2)).toEqual(viridis(1));
});
