import type { Colour } from './body/figure.ts';
import type { Random, Range } from './random.ts';

/** Any hue, in 0–255 sRGB, with saturation and value (of HSV, 0–1) from the given ranges. */
export function randomColour(random: Random, saturation: Range, value: Range): Colour {
  const hue = 6 * random.next();
  const s = random.between(saturation);
  const v = 255 * random.between(value);
  const channel = (offset: number) => {
    const k = (offset + hue) % 6;
    return v - v * s * Math.max(0, Math.min(k, 4 - k, 1));
  };
  return [channel(5), channel(3), channel(1)];
}

export function mixColours(a: Colour, b: Colour, t: number): Colour {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

export function brighter(a: Colour, factor: number): Colour {
  return [a[0] * factor, a[1] * factor, a[2] * factor];
}
