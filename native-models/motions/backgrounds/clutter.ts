import { randomColour } from '../colour.ts';
import { paint, paintEllipse, paintRectangle } from './canvas.ts';
import { octaves, valueNoise } from './noise.ts';
import type { Family } from './textures.ts';

/** Things of every size and colour over each other, as in a photograph of a full room. */
export const clutter: Family = (canvas, random) => {
  const [a, b] = [randomColour(random, [0, 0.5], [0.2, 0.8]), randomColour(random, [0, 0.5], [0.2, 0.8])];
  const noise = valueNoise(canvas, random, octaves(0.5, 4));
  paint(canvas, a, b, (_u, _v, pixel) => 0.5 + 0.5 * (noise[pixel] ?? 0));
  const spread = canvas.width / canvas.unit;
  for (let count = Math.round(random.between([18, 45]) * spread); count > 0; count--) {
    const [x, y] = [canvas.left + spread * random.next(), random.between([-0.1, 1.1])];
    const [rx, ry] = [random.between([0.015, 0.13]), random.between([0.015, 0.13])];
    const colour = randomColour(random, [0, 0.7], [0.1, 0.95]);
    if (random.chance(0.5)) paintEllipse(canvas, { x, y, rx, ry }, colour, { round: random.next() });
    else
      paintRectangle(canvas, { left: x - rx, right: x + rx, top: y - ry, bottom: y + ry }, colour, 0.3 * random.next());
  }
};

/** Rows of books and boxes. */
export const shelves: Family = (canvas, random) => {
  const wood = randomColour(random, [0.1, 0.6], [0.2, 0.7]);
  paint(canvas, wood, [10, 10, 10], () => 0.55);
  const height = random.between([0.16, 0.3]);
  const end = canvas.left + canvas.width / canvas.unit;
  for (let shelf = canvas.top - height * random.next(); shelf < 1.2; shelf += height) {
    for (let x = canvas.left; x < end; ) {
      const width = random.between([0.012, random.chance(0.15) ? 0.15 : 0.05]);
      const top = shelf + height * random.between([0.15, 0.5]);
      const book = { left: x, right: x + width, top, bottom: shelf + height };
      if (!random.chance(0.1)) paintRectangle(canvas, book, randomColour(random, [0, 0.8], [0.15, 0.9]), 0.12);
      x += width + 0.003;
    }
    paintRectangle(canvas, { left: -9, right: 9, top: shelf + height - 0.015, bottom: shelf + height + 0.01 }, wood);
  }
};
