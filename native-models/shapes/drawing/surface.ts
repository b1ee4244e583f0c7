import type { Colour } from '../../motions/body/figure.ts';
import { brighter, mixColours, randomColour } from '../../motions/colour.ts';
import type { Random } from '../../motions/random.ts';
import { cosine, sine } from '../../motions/sine.ts';
import type { Coverage } from './coverage.ts';

/** Pixels of a picture, and the noise that its surfaces have in common. */
export interface Sheet {
  /** Pixels of a side. */
  readonly size: number;
  /** `[size, size, 3]`, 0–255 sRGB. */
  readonly pixels: Uint8ClampedArray;
  /** `[size, size]`, about −1 … 1. */
  readonly noise: Float32Array;
}

/** What something is made of: two colours, where which of them is, and the light on it. */
export interface Surface {
  readonly colour: Colour;
  readonly other: Colour;
  /** How much of `other` there is at a pixel, 0–1. */
  readonly share: (x: number, y: number, noise: number) => number;
  /** How much brighter it gets from pixel to pixel. */
  readonly slope: readonly [x: number, y: number];
}

const fraction = (x: number): number => x - Math.floor(x);

const patterns: readonly [Pattern, ...Pattern[]] = [
  () => () => 0,
  () => () => 0,
  (random) => {
    const amount = random.between([0.3, 1]);
    return (_x, _y, noise) => Math.min(1, Math.max(0, 0.5 + amount * noise));
  },
  (random) => {
    const { along } = direction(random, random.between([0.012, 0.03]));
    return (x, y) => Math.min(1, Math.max(0, 0.5 + along(x, y)));
  },
  (random) => {
    const { along } = direction(random, random.between([0.08, 0.22]));
    const wide = random.between([0.3, 0.7]);
    return (x, y) => (fraction(along(x, y)) < wide ? 0 : 1);
  },
  (random) => {
    const { along, across } = direction(random, random.between([0.08, 0.18]));
    return (x, y) => (Math.floor(along(x, y)) + Math.floor(across(x, y))) & 1;
  },
];

type Pattern = (random: Random) => Surface['share'];

/** Positions along a line through the picture and across it, `rate` for each pixel. */
function direction(random: Random, rate: number) {
  const angle = 2 * Math.PI * random.next();
  const [c, s] = [rate * cosine(angle), rate * sine(angle)];
  const [x0, y0] = [random.between([30, 80]), random.between([30, 80])];
  return {
    along: (x: number, y: number) => c * (x - x0) + s * (y - y0),
    across: (x: number, y: number) => c * (y - y0) - s * (x - x0),
  };
}

/** A surface whose main colour is told from `ground` by more than `contrast` levels, if a few tries find such a one. */
export function surfaceOf(random: Random, ground: Colour, contrast: number): Surface {
  let colour = randomColour(random, [0, 0.85], [0.15, 1]);
  for (let tries = 0; tries < 12 && distance(colour, ground) < contrast; tries++) {
    colour = randomColour(random, [0, 0.85], [0.15, 1]);
  }
  const strange = random.chance(0.4)
    ? randomColour(random, [0, 0.85], [0.15, 1])
    : brighter(colour, random.pick([0.6, 0.75, 1.35]));
  const other = mixColours(colour, strange, random.between([0.3, 0.8]));
  const angle = 2 * Math.PI * random.next();
  const steep = random.between([0, 0.012]);
  const slope = [steep * cosine(angle), steep * sine(angle)] as const;
  return { colour, other, share: random.pick(patterns)(random), slope };
}

/** How far two colours are from each other, levels: the mean over the channels, the largest counting twice. */
function distance(a: Colour, b: Colour): number {
  const [red, green, blue] = [Math.abs(a[0] - b[0]), Math.abs(a[1] - b[1]), Math.abs(a[2] - b[2])];
  return (red + green + blue + Math.max(red, green, blue)) / 4;
}

/** Puts a surface where `coverage` is. */
export function paintSurface(
  { size, pixels, noise }: Sheet,
  { left, top, width, height, shares }: Coverage,
  surface: Surface,
): void {
  const { colour, other, share, slope } = surface;
  const [middleX, middleY] = [left + width / 2, top + height / 2];
  for (let row = 0, at = 0; row < height; row++) {
    const y = top + row;
    for (let column = 0; column < width; column++, at++) {
      const cover = shares[at] ?? 0;
      if (cover === 0) continue;
      const x = left + column;
      const pixel = y * size + x;
      const t = share(x, y, noise[pixel] ?? 0);
      const light = 1 + slope[0] * (x - middleX) + slope[1] * (y - middleY);
      for (let c = 0; c < 3; c++) {
        const here = pixels[3 * pixel + c] ?? 0;
        const tone = light * ((colour[c] ?? 0) + t * ((other[c] ?? 0) - (colour[c] ?? 0)));
        pixels[3 * pixel + c] = here + cover * (tone - here);
      }
    }
  }
}

/** Darkens what is under something. @param strength 0–1. */
export function paintShadow(
  { size, pixels }: Sheet,
  { left, top, width, height, shares }: Coverage,
  strength: number,
): void {
  for (let row = 0, at = 0; row < height; row++) {
    for (let column = 0; column < width; column++, at++) {
      const light = 1 - strength * (shares[at] ?? 0);
      const p = 3 * ((top + row) * size + left + column);
      pixels[p] = (pixels[p] ?? 0) * light;
      pixels[p + 1] = (pixels[p + 1] ?? 0) * light;
      pixels[p + 2] = (pixels[p + 2] ?? 0) * light;
    }
  }
}

/** The mean colour of a rectangle of a picture, of every third pixel across and down. */
export function meanColour({ size, pixels }: Sheet, left: number, top: number, right: number, bottom: number): Colour {
  let [red, green, blue, count] = [0, 0, 0, 1e-9];
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(size, bottom); y += 3) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(size, right); x += 3) {
      const p = 3 * (y * size + x);
      red += pixels[p] ?? 0;
      green += pixels[p + 1] ?? 0;
      blue += pixels[p + 2] ?? 0;
      count++;
    }
  }
  return [red / count, green / count, blue / count];
}
