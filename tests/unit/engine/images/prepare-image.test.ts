import { describe, expect, it } from 'vitest';
import type { Picture } from '#engine/images/picture.ts';
import { boxOf, tensorOf } from '#engine/images/prepare-image.ts';

const sized = (width: number, height: number): Picture => ({ width, height, pixels: new Uint8Array(0) });

describe('the part of an image that a model sees', () => {
  it('is the middle, as large as the crop fraction says of the short side', () => {
    // 480 pixels become 256, of which 224 are seen.
    const box = boxOf(sized(640, 480), 224, { mode: 'short-side', filter: 'bicubic', cropFraction: 0.875 });
    expect(box).toEqual({ left: 110, top: 30, right: 530, bottom: 450 });
  });

  it('is the whole short side with a fraction of one, upright too', () => {
    const box = boxOf(sized(100, 300), 64, { mode: 'short-side', filter: 'bicubic', cropFraction: 1 });
    expect(box).toEqual({ left: 0, top: 100, right: 100, bottom: 200 });
  });

  it('is all of it, squeezed, where both sides are scaled', () => {
    const box = boxOf(sized(20_000, 50), 224, { mode: 'squash', filter: 'bicubic', cropFraction: 1 });
    expect(box).toEqual({ left: 0, top: 0, right: 20_000, bottom: 50 });
  });

  it('is never outside of the image', () => {
    const box = boxOf(sized(1, 1), 224, { mode: 'short-side', filter: 'bicubic', cropFraction: 0.9 });
    expect(Object.values(box).every((edge) => edge >= 0 && edge <= 1)).toBe(true);
  });
});

it('is normalised channel by channel', () => {
  const picture = { width: 2, height: 1, pixels: Uint8Array.of(0, 51, 102, 255, 204, 153) };
  const tensor = tensorOf(picture, { mean: [0.5, 0.2, 0], std: [0.5, 0.1, 2] });
  for (const [at, value] of [-1, 1, 0, 6, 0.2, 0.3].entries()) expect(tensor[at]).toBeCloseTo(value, 5);
});
