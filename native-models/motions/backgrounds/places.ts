import type { Colour } from '../body/figure.ts';
import { brighter, mixColours, randomColour } from '../colour.ts';
import type { Random } from '../random.ts';
import { type Canvas, paint, paintEllipse, paintRectangle, rowAt } from './canvas.ts';
import { octaves, valueNoise } from './noise.ts';
import type { Family } from './textures.ts';

const fraction = (x: number): number => x - Math.floor(x);
const unitShare = (x: number): number => Math.min(1, Math.max(0, x));

/** Floor boards, tiles or plain ground that run together towards the horizon. */
function floor(canvas: Canvas, random: Random, horizon: number, colour: Colour): void {
  const kind = random.below(3);
  const [rate, middle] = [random.between([1.5, 5]), random.next()];
  const noise = valueNoise(canvas, random, octaves(0.2, 3, 2.5));
  const shades = Float32Array.from({ length: 32 }, () => random.between([-0.25, 0.25]));
  paint(
    canvas,
    brighter(colour, 0.55),
    brighter(colour, 1.1),
    (u, v, pixel) => {
      const away = 0.3 / (v - horizon + 0.06);
      const x = (u - middle) * away * rate;
      const z = away * rate * 1.5;
      const light = 0.75 - 0.1 * away + 0.25 * (noise[pixel] ?? 0);
      if (kind === 0) return light;
      if (kind === 1) return light + (shades[Math.floor(x) & 31] ?? 0) - (fraction(x) < 0.08 ? 0.3 : 0);
      return light - 0.4 * ((Math.floor(x) + Math.floor(z)) & 1);
    },
    rowAt(canvas, horizon),
  );
}

/** Positions along the canvas, about `gap` sides apart. */
function* along(canvas: Canvas, random: Random, gap: number): Generator<number> {
  const end = canvas.left + canvas.width / canvas.unit;
  for (let x = canvas.left - gap * random.next(); x < end; x += gap * random.between([0.6, 1.4])) yield x;
}

/** A wall with pictures, windows and furniture over a floor. */
export const room: Family = (canvas, random, horizon) => {
  const wall = randomColour(random, [0, 0.4], [0.45, 0.95]);
  const noise = valueNoise(canvas, random, octaves(0.8, 3));
  paint(canvas, brighter(wall, 0.7), wall, (_u, v, pixel) => unitShare(0.75 - 0.3 * v + 0.4 * (noise[pixel] ?? 0)));
  floor(canvas, random, horizon, randomColour(random, [0.05, 0.55], [0.3, 0.85]));
  const skirting = { left: -9, right: 9, top: horizon - random.between([0.015, 0.04]), bottom: horizon };
  paintRectangle(canvas, skirting, randomColour(random, [0, 0.2], [0.3, 1]));
  for (const x of along(canvas, random, 0.4)) {
    const [width, height] = [random.between([0.08, 0.26]), random.between([0.08, 0.28])];
    const top = random.between([-0.05, Math.max(0, horizon - height - 0.1)]);
    const box = { left: x, right: x + width, top, bottom: top + height };
    if (random.chance(0.3)) continue;
    paintRectangle(canvas, grown(box, 0.012), randomColour(random, [0, 0.4], [0.15, 1]));
    paintRectangle(canvas, box, randomColour(random, [0, 0.5], [0.35, 1]), 0.15);
    if (random.chance(0.5)) paintRectangle(canvas, { ...box, left: x + width * 0.47, right: x + width * 0.53 }, wall);
  }
  for (const x of along(canvas, random, 0.7)) {
    if (random.chance(0.4)) continue;
    const [width, height] = [random.between([0.12, 0.4]), random.between([0.08, 0.3])];
    const colour = randomColour(random, [0.05, 0.6], [0.15, 0.8]);
    const bottom = horizon + random.between([0, 0.06]);
    paintRectangle(canvas, { left: x, right: x + width, top: bottom - height, bottom }, colour, 0.15);
    paintRectangle(canvas, { left: x, right: x + width, top: bottom, bottom: bottom + 0.02 }, brighter(colour, 0.4));
  }
};

/** A sports hall: boards, lines on the floor. */
export const hall: Family = (canvas, random, horizon) => {
  const wall = randomColour(random, [0, 0.5], [0.35, 0.9]);
  paint(canvas, brighter(wall, 0.75), wall, (u) => (fraction(u * 3) < 0.04 ? 0 : 0.8), 0);
  const stripe = random.between([0.1, 0.3]);
  const band = { left: -9, right: 9, top: horizon - stripe, bottom: horizon - stripe * random.between([0.2, 0.8]) };
  paintRectangle(canvas, band, randomColour(random, [0.2, 0.9], [0.3, 1]));
  floor(canvas, random, horizon, randomColour(random, [0.1, 0.7], [0.4, 0.9]));
  const line = randomColour(random, [0, 0.3], [0.85, 1]);
  for (let count = 1 + random.below(3); count > 0; count--) {
    const y = horizon + random.between([0.05, 0.5]);
    paintRectangle(canvas, { left: -9, right: 9, top: y, bottom: y + 0.012 }, line);
  }
};

/** Grass under a sky, with trees or hills where they meet. */
export const meadow: Family = (canvas, random, horizon) => {
  const sky = randomColour(random, [0, 0.5], [0.65, 1]);
  const cloud = valueNoise(canvas, random, octaves(0.35, 3, 2));
  paint(canvas, sky, [245, 245, 245], (_u, v, pixel) => unitShare(0.1 + 0.4 * v + 0.7 * (cloud[pixel] ?? 0)));
  const green = [random.between([50, 150]), random.between([90, 170]), random.between([30, 80])] as const;
  for (const x of along(canvas, random, 0.13)) {
    const r = random.between([0.04, 0.17]);
    const place = { x, y: horizon - 0.5 * r, rx: r, ry: r * random.between([0.6, 1.5]) };
    paintEllipse(canvas, place, brighter(green, random.between([0.4, 0.8])), { round: 0.7 });
  }
  const blades = valueNoise(canvas, random, [
    { across: 0.012, down: random.between([0.02, 0.08]), amplitude: 0.5 },
    ...octaves(0.3, 2, 2),
  ]);
  const dry = mixColours(green, [210, 200, 120], random.between([0.1, 0.6]));
  const start = rowAt(canvas, horizon);
  paint(canvas, brighter(green, 0.6), dry, (_u, _v, pixel) => unitShare(0.5 + 0.7 * (blades[pixel] ?? 0)), start);
};

/** Houses with windows along a pavement. */
export const street: Family = (canvas, random, horizon) => {
  const sky = randomColour(random, [0, 0.45], [0.6, 1]);
  paint(canvas, sky, [240, 235, 225], (_u, v) => unitShare(v));
  for (const x of along(canvas, random, 0.3)) {
    const [width, top] = [random.between([0.2, 0.45]), random.between([-0.15, horizon * 0.7])];
    const colour = randomColour(random, [0.02, 0.45], [0.3, 0.85]);
    paintRectangle(canvas, { left: x, right: x + width, top, bottom: horizon }, colour, 0.1);
    const pane = randomColour(random, [0, 0.4], [0.1, 0.95]);
    const step = random.between([0.06, 0.11]);
    for (let wy = top + step / 2; wy < horizon - step; wy += step * 1.3) {
      for (let wx = x + step / 3; wx < x + width - step / 2; wx += step) {
        const lit = random.chance(0.2) ? 1.4 : 1;
        const window = { left: wx, right: wx + step * 0.5, top: wy, bottom: wy + step * 0.75 };
        paintRectangle(canvas, window, brighter(pane, lit), 0.2);
      }
    }
  }
  floor(canvas, random, horizon, randomColour(random, [0, 0.15], [0.4, 0.75]));
  const kerb = horizon + random.between([0.03, 0.12]);
  paintRectangle(canvas, { left: -9, right: 9, top: kerb, bottom: kerb + 0.015 }, [190, 188, 180]);
};

/** Trunks before leaves. */
export const forest: Family = (canvas, random, horizon) => {
  const leaf = [random.between([30, 120]), random.between([70, 150]), random.between([20, 80])] as const;
  const leaves = valueNoise(canvas, random, octaves(0.16, 4));
  paint(canvas, brighter(leaf, 0.35), brighter(leaf, 1.4), (_u, _v, pixel) => unitShare(0.5 + (leaves[pixel] ?? 0)));
  const ground = randomColour(random, [0.2, 0.6], [0.25, 0.6]);
  floor(canvas, random, horizon, ground);
  for (const x of along(canvas, random, 0.17)) {
    const width = random.between([0.012, 0.07]);
    const trunk = brighter([110, 85, 60], random.between([0.45, 1.3]));
    const bottom = horizon + random.between([0, 0.15]);
    paintRectangle(canvas, { left: x, right: x + width, top: -1, bottom }, trunk);
    paintRectangle(canvas, { left: x, right: x + width * 0.3, top: -1, bottom }, brighter(trunk, 1.3));
  }
};

function grown(box: { left: number; right: number; top: number; bottom: number }, by: number) {
  return { left: box.left - by, right: box.right + by, top: box.top - by, bottom: box.bottom + by };
}
