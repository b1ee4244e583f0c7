/** A frame being drawn. */
export interface Picture {
  /** Pixels of a side. */
  readonly size: number;
  /** `[size, size, 3]`, 0–255 sRGB. */
  readonly pixels: Uint8ClampedArray;
  /** `[size, size]`: how much of each pixel shows the figure, 0–1. */
  readonly coverage: Float32Array;
  /** `[size, size]`: the region of the body that is seen where coverage says so, counted from 1. */
  readonly regions: Uint8Array;
  /** `[size, size]`: depth of the nearest solid surface, metres. */
  readonly depth: Float32Array;
}

export function newPicture(size: number): Picture {
  const count = size * size;
  return {
    size,
    pixels: new Uint8ClampedArray(count * 3),
    coverage: new Float32Array(count),
    regions: new Uint8Array(count),
    depth: new Float32Array(count),
  };
}

/** Light of a clip: towards the lamp (x right, y down, z away from the camera; length 1), and how strong it all is. */
export interface Light {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly ambient: number;
  readonly key: number;
}
