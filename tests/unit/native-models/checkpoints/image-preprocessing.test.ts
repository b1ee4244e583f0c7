import { describe, expect, it } from 'vitest';
import type { Manifest, Resize } from '#native-models/bundle/manifest.ts';
import { resizeInWords, resizeOf, scaledSide } from '#native-models/bundle/preparation.ts';
import {
  preprocessingOfTimm,
  preprocessingOfTransformers,
  processorSchema,
  timmSchema,
} from '#native-models/checkpoints/image-preprocessing.ts';

const HALF = [0.5, 0.5, 0.5];

describe('what timm says of its images', () => {
  const understood = (stated: object) => preprocessingOfTimm(timmSchema.parse({ mean: HALF, std: HALF, ...stated }));

  it.each<[object, Resize]>([
    [
      { crop_pct: 0.9, interpolation: 'bicubic', crop_mode: 'center' },
      { mode: 'short-side', filter: 'bicubic', cropFraction: 0.9 },
    ],
    [{ interpolation: 'bilinear' }, { mode: 'short-side', filter: 'bilinear', cropFraction: 0.875 }],
    [
      { crop_pct: 1, crop_mode: 'squash' },
      { mode: 'squash', filter: 'bicubic', cropFraction: 1 },
    ],
  ])('%o', (stated, resize) => {
    expect(understood(stated)).toEqual({ preprocessing: { mean: HALF, std: HALF, resize }, warnings: [] });
  });

  it('is told where it cannot be followed', () => {
    expect(understood({ interpolation: 'random', crop_mode: 'border' }).warnings).toEqual([
      expect.stringContaining('"random"'),
      expect.stringContaining('"border"'),
    ]);
    expect(preprocessingOfTimm(timmSchema.parse({}))).toEqual({ preprocessing: null, warnings: [] });
  });
});

describe('what transformers says of its images', () => {
  const understood = (stated: object) =>
    preprocessingOfTransformers(processorSchema.parse({ image_mean: HALF, image_std: HALF, ...stated }));

  it.each<[string, object, Resize]>([
    [
      'google/vit-base-patch16-224',
      { size: 224, resample: 2 },
      { mode: 'squash', filter: 'bilinear', cropFraction: 1 },
    ],
    [
      'the same, as newer versions write it',
      { size: { height: 224, width: 224 }, resample: 2 },
      { mode: 'squash', filter: 'bilinear', cropFraction: 1 },
    ],
    [
      'facebook/deit-base-patch16-224',
      { size: 256, crop_size: 224, do_center_crop: true, resample: 3 },
      { mode: 'squash', filter: 'bicubic', cropFraction: 0.875 },
    ],
    [
      'a shortest edge',
      { size: { shortest_edge: 256 }, crop_size: { height: 224, width: 224 }, do_center_crop: true, resample: 3 },
      { mode: 'short-side', filter: 'bicubic', cropFraction: 0.875 },
    ],
    [
      'a crop that is not made',
      { size: 256, crop_size: 224, do_center_crop: false, resample: 3 },
      { mode: 'squash', filter: 'bicubic', cropFraction: 1 },
    ],
  ])('%s', (_, stated, resize) => {
    expect(understood(stated)).toEqual({ preprocessing: { mean: HALF, std: HALF, resize }, warnings: [] });
  });

  it('is told where it cannot be followed', () => {
    expect(understood({ size: 224, resample: 0 }).warnings).toEqual([expect.stringContaining('"nearest"')]);
  });
});

describe('the size that an image is scaled to', () => {
  it.each([
    [224, 0.875, 256],
    [224, 0.9, 248],
    [224, 224 / 248, 248],
    [384, 1, 384],
    [384, 384 / 432, 432],
  ])('%d pixels at a crop of %d: %d', (imageSize, cropFraction, side) => {
    expect(scaledSide(imageSize, { cropFraction })).toBe(side);
  });

  it('is that of DeiT where a bundle does not say', () => {
    const silent = { preprocessing: { mean: HALF, std: HALF } } as Pick<Manifest, 'preprocessing'>;
    expect(resizeOf(silent)).toEqual({ mode: 'short-side', filter: 'bicubic', cropFraction: 0.875 });
  });

  it('is said in words', () => {
    const words = (resize: Resize) =>
      resizeInWords({ architecture: { imageSize: 224 }, preprocessing: { mean: HALF, std: HALF, resize } } as Manifest);
    expect(words({ mode: 'short-side', filter: 'bicubic', cropFraction: 0.875 })).toBe(
      'short side to 256, bicubic, middle 224×224',
    );
    expect(words({ mode: 'squash', filter: 'bilinear', cropFraction: 1 })).toBe('squashed to 224×224, bilinear, whole');
  });
});
