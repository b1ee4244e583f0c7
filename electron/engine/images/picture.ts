/** One picture: RGB, sRGB, 8 bits a channel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `[height, width, 3]`, 0–255. */
  readonly pixels: Uint8Array;
}

/** A rectangle of a picture in its pixels; edges may lie between them. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** All of a picture. */
export function wholeOf({ width, height }: Pick<Picture, 'width' | 'height'>): Box {
  return { left: 0, top: 0, right: width, bottom: height };
}
