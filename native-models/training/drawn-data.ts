import { bodyRegions } from '../motions/body/figure.ts';
import { motionClip } from '../motions/motion-clip.ts';
import { motionsVersion } from '../motions/version.ts';
import { shapeImage } from '../shapes/shape-image.ts';
import { shapesVersion } from '../shapes/version.ts';

/** The data sets that are drawn while a model learns, by the names that bundles know them by. */
export type DrawnDataName = 'motions' | 'shapes';

/** Both data sets are split alike. */
export type DrawnSplit = 'train' | 'val' | 'test';

/** A clip, or an image as a clip of one frame. */
interface DrawnSample {
  /** `[frames, size, size, 3]`, RGB, 0–255 sRGB. */
  readonly pixels: Uint8Array;
  /** `[frames, size, size]`: 1 where a pixel shows what the class is told by, else 0. */
  readonly mask: Uint8Array;
  /** `[frames, size, size]`: the part of it, counted from 1, where the mask is 1, else 0. */
  readonly regions: Uint8Array;
  readonly label: number;
}

interface DrawnData {
  readonly version: number;
  /** Parts that `regions` tells apart. */
  readonly regionCount: number;
  readonly draw: (
    split: DrawnSplit,
    index: number,
    sizes: { readonly frames: number; readonly size: number },
  ) => DrawnSample;
}

export const drawnData: Readonly<Record<DrawnDataName, DrawnData>> = {
  motions: { version: motionsVersion, regionCount: bodyRegions.length, draw: motionClip },
  shapes: {
    version: shapesVersion,
    regionCount: 1,
    draw(split, index, { size }) {
      const image = shapeImage(split, index, { size });
      return { ...image, regions: image.mask };
    },
  },
};
