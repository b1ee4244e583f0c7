import { brighter, mixColours, randomColour } from '../colour.ts';
import type { Random } from '../random.ts';
import { cosine, sine } from '../sine.ts';
import { type Canvas, paint, paintEllipse, rowAt } from './canvas.ts';
import { octaves, valueNoise } from './noise.ts';

/** Paints all of a canvas. `horizon` is where a floor begins, in sides from the top of the frame. */
export type Family = (canvas: Canvas, random: Random, horizon: number) => void;

const fraction = (x: number): number => x - Math.floor(x);
const anyColour = (random: Random) => randomColour(random, [0, 0.6], [0.2, 0.95]);
const unitShare = (x: number): number => Math.min(1, Math.max(0, x));

/** Two colours related enough to be one surface. */
function twoTones(random: Random) {
  const base = anyColour(random);
  const other = random.chance(0.5) ? anyColour(random) : brighter(base, random.pick([0.6, 0.75, 1.3]));
  return [base, mixColours(base, other, random.between([0.35, 1]))] as const;
}

export const gradient: Family = (canvas, random) => {
  const [a, b] = [anyColour(random), anyColour(random)];
  const angle = 2 * Math.PI * random.next();
  const [dx, dy] = [cosine(angle), sine(angle)];
  const [cx, cy] = [random.next(), random.next()];
  const radial = random.chance(0.4);
  paint(canvas, a, b, (u, v) => {
    const x = u - cx;
    const y = v - cy;
    return radial ? unitShare(1.6 * (x * x + y * y)) : unitShare(0.5 + 0.8 * (x * dx + y * dy));
  });
};

export const clouds: Family = (canvas, random) => {
  const [a, b] = twoTones(random);
  const noise = valueNoise(canvas, random, octaves(random.between([0.2, 0.7]), 4, random.between([0.6, 2.5])));
  paint(canvas, a, b, (_u, _v, pixel) => unitShare(0.5 + 0.8 * (noise[pixel] ?? 0)));
};

export const stripes: Family = (canvas, random) => {
  const [a, b] = twoTones(random);
  const angle = random.chance(0.5) ? 0 : Math.PI * random.next();
  const [dx, dy] = [cosine(angle), sine(angle)];
  const rate = random.between([4, 18]);
  const sharp = random.between([1, 6]);
  const noise = valueNoise(canvas, random, octaves(0.5, 3));
  const wavy = random.chance(0.3) ? 1.5 : 0.1;
  paint(canvas, a, b, (u, v, pixel) => {
    const n = noise[pixel] ?? 0;
    const wave = 1 - 4 * Math.abs(fraction((u * dx + v * dy) * rate + wavy * n) - 0.5);
    return unitShare(0.5 + 0.5 * sharp * wave) * (1 - 0.3 * n);
  });
};

/** Woven cloth: two sets of bands that cross. */
export const plaid: Family = (canvas, random) => {
  const [a, b] = twoTones(random);
  const [rateX, rateY] = [random.between([3, 9]), random.between([3, 9])];
  const [wide, narrow] = [random.between([0.3, 0.6]), random.between([0.05, 0.15])];
  const band = (x: number) => (fraction(x) < wide ? 0.45 : 0) + (fraction(x + 0.2) < narrow ? 0.3 : 0);
  const noise = valueNoise(canvas, random, octaves(0.3, 3));
  paint(canvas, a, b, (u, v, pixel) => band(u * rateX) + band(v * rateY) + 0.15 * (noise[pixel] ?? 0));
};

export const checker: Family = (canvas, random) => {
  const [a, b] = twoTones(random);
  const rate = random.between([3, 12]);
  const angle = random.chance(0.5) ? 0 : random.between([0.1, 1.4]);
  const [c, s] = [cosine(angle) * rate, sine(angle) * rate];
  const noise = valueNoise(canvas, random, octaves(0.6, 3));
  paint(canvas, a, b, (u, v, pixel) => {
    const parity = (Math.floor(u * c + v * s) + Math.floor(v * c - u * s)) & 1;
    return unitShare(parity + (1 - 2 * parity) * 0.25 * Math.abs(noise[pixel] ?? 0) * 2);
  });
};

export const bricks: Family = (canvas, random) => {
  const mortar = randomColour(random, [0, 0.15], [0.5, 0.85]);
  const brick = randomColour(random, [0.1, 0.7], [0.3, 0.8]);
  const rows = random.between([9, 20]);
  const columns = rows * random.between([0.35, 0.55]);
  const gap = random.between([0.08, 0.16]);
  const shades = Float32Array.from({ length: 64 }, () => random.between([0.65, 1]));
  const noise = valueNoise(canvas, random, octaves(0.15, 3));
  paint(canvas, mortar, brick, (u, v, pixel) => {
    const row = Math.floor(v * rows);
    const x = u * columns + 0.5 * (row & 1);
    const joint = fraction(v * rows) < gap || fraction(x) < gap * 0.5;
    const n = 0.25 * (noise[pixel] ?? 0);
    return joint ? Math.max(0, n) : (shades[(row * 7 + Math.floor(x) * 13) & 63] ?? 1) + n;
  });
};

/** Lights out of focus. */
export const bokeh: Family = (canvas, random, horizon) => {
  gradient(canvas, random, horizon);
  const dim = random.between([0.3, 0.7]);
  for (let i = 0; i < canvas.pixels.length; i++) canvas.pixels[i] = (canvas.pixels[i] ?? 0) * dim;
  const spread = canvas.width / canvas.unit;
  for (let count = Math.round(random.between([12, 30]) * spread); count > 0; count--) {
    const r = random.between([0.02, 0.11]);
    const place = { x: canvas.left + spread * random.next(), y: random.between([-0.1, 1.1]), rx: r, ry: r };
    const colour = randomColour(random, [0.1, 0.7], [0.7, 1]);
    paintEllipse(canvas, place, colour, { opacity: random.between([0.2, 0.7]), soft: random.between([0.1, 0.5]) });
  }
};

export const water: Family = (canvas, random, horizon) => {
  const deep = randomColour(random, [0.2, 0.6], [0.25, 0.6]);
  const glint = mixColours(deep, [235, 240, 245], random.between([0.4, 0.9]));
  const noise = valueNoise(canvas, random, octaves(random.between([0.04, 0.1]), 3, random.between([3, 6])));
  const sky = randomColour(random, [0, 0.4], [0.6, 1]);
  const shore = rowAt(canvas, horizon);
  paint(canvas, sky, mixColours(sky, glint, 0.6), (_u, v) => unitShare(v / horizon), 0, shore);
  paint(canvas, deep, glint, (_u, _v, pixel) => unitShare(0.35 + 1.1 * (noise[pixel] ?? 0)), shore);
};
