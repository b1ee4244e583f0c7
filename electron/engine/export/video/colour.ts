import type { ColourFacts } from '../../video/video-info.ts';

/** Red, green, blue, 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/** Brightness and the two colour differences, as stored: 0 … 255. */
export type Yuv = readonly [y: number, u: number, v: number];

/** How a video's numbers stand for colours. */
export interface ColourSpace {
  /** Share of red and blue in the brightness; green is the rest. */
  readonly red: number;
  readonly blue: number;
  /** Values use 0 … 255 instead of 16 … 235 (240). */
  readonly fullRange: boolean;
}

/** ITU-R BT.601, BT.709 and BT.2020. */
const BT601 = { red: 0.299, blue: 0.114 } as const;
const BT709 = { red: 0.2126, blue: 0.0722 } as const;
const BT2020 = { red: 0.2627, blue: 0.0593 } as const;

/** Where a file does not say, players take this height for high definition. */
const HIGH_DEFINITION_HEIGHT = 720;

/** The colour space that a video's pictures are in once they are ready for drawing. */
export function colourSpaceOf(colour: ColourFacts, height: number, toneMapped: boolean): ColourSpace {
  if (toneMapped) return { ...BT709, fullRange: false };
  return { ...matrixOf(colour.matrix, height), fullRange: colour.range === 'pc' };
}

function matrixOf(matrix: string | null, height: number) {
  switch (matrix) {
    case 'bt709':
      return BT709;
    case 'bt2020nc':
    case 'bt2020c':
      return BT2020;
    case null:
      return height >= HIGH_DEFINITION_HEIGHT ? BT709 : BT601;
    default:
      return BT601;
  }
}

/** @see ITU-R BT.601-7, section 2.5.1 to 2.5.3; BT.709 and BT.2020 differ in the shares alone. */
export function toYuv([r, g, b]: Rgb, { red, blue, fullRange }: ColourSpace): Yuv {
  const y = red * r + (1 - red - blue) * g + blue * b;
  const u = (b - y) / (2 * (1 - blue));
  const v = (r - y) / (2 * (1 - red));
  const [low, light, difference] = fullRange ? [0, 1, 1] : [16, 219 / 255, 224 / 255];
  return [byte(low + light * y), byte(128 + difference * u), byte(128 + difference * v)];
}

/** What {@link toYuv} was given, to rounding. */
export function toRgb([y, u, v]: Yuv, { red, blue, fullRange }: ColourSpace): Rgb {
  const [low, light, difference] = fullRange ? [0, 1, 1] : [16, 219 / 255, 224 / 255];
  const brightness = (y - low) / light;
  const r = brightness + (2 * (1 - red) * (v - 128)) / difference;
  const b = brightness + (2 * (1 - blue) * (u - 128)) / difference;
  return [byte(r), byte((brightness - red * r - blue * b) / (1 - red - blue)), byte(b)];
}

function byte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value)));
}
