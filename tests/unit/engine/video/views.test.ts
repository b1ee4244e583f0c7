import { describe, expect, test } from 'vitest';
import { cropOrigins, scaledSize, viewTensor } from '#engine/video/views.ts';
import sampling from '../../../fixtures/goldens/sampling.json' with { type: 'json' };

const HALVES = { mean: [0.45, 0.45, 0.45], std: [0.225, 0.225, 0.225] } as const;

describe('scaledSize and cropOrigins', () => {
  test.each(sampling.crops)('agree with the published protocol: $width×$height to $cropSize', (row) => {
    const scaled = scaledSize(row.width, row.height, row.cropSize);
    expect(scaled).toEqual({ width: row.scaledWidth, height: row.scaledHeight });
    const crops = cropOrigins(scaled.width, scaled.height, row.cropSize);
    expect(crops.map(({ origin }) => origin)).toEqual(row.cropOrigins);
    expect(crops.map(({ name }) => name)).toEqual(['left', 'center', 'right']);
  });

  test('a crop larger than the frame is refused', () => {
    expect(() => cropOrigins(100, 224, 224)).toThrow(RangeError);
  });
});

describe('viewTensor', () => {
  // Every byte differs from its neighbours, so that any confusion of axes shows.
  const width = 5;
  const height = 4;
  const frames = Uint8Array.from({ length: 2 * height * width * 3 }, (_, i) => (i * 7) % 251);

  test('holds (p / 255 − mean) / std of the crop as [3, T, size, size]', () => {
    const preprocessing = { mean: [0.1, 0.2, 0.3], std: [0.5, 0.25, 2] } as const;
    const tensor = viewTensor({ width, height, frames }, [2, 1], 3, preprocessing);
    expect(tensor).toHaveLength(3 * 2 * 3 * 3);
    for (let c = 0; c < 3; c++) {
      for (let t = 0; t < 2; t++) {
        for (let y = 0; y < 3; y++) {
          for (let x = 0; x < 3; x++) {
            const pixel = frames[((t * height + y + 1) * width + x + 2) * 3 + c]!;
            const expected = (pixel / 255 - preprocessing.mean[c]!) / preprocessing.std[c]!;
            expect(tensor[((c * 2 + t) * 3 + y) * 3 + x]).toBeCloseTo(expected, 6);
          }
        }
      }
    }
  });

  test('black and white reach the ends of the published range: −2 and 22/9', () => {
    const black = viewTensor({ width: 1, height: 1, frames: new Uint8Array(3) }, [0, 0], 1, HALVES);
    const white = viewTensor({ width: 1, height: 1, frames: new Uint8Array(3).fill(255) }, [0, 0], 1, HALVES);
    expect([...black]).toEqual([-2, -2, -2]);
    for (const value of white) expect(value).toBeCloseTo(22 / 9, 6);
  });

  test('a crop that leaves the frame is refused', () => {
    expect(() => viewTensor({ width, height, frames }, [3, 0], 3, HALVES)).toThrow(RangeError);
  });
});
