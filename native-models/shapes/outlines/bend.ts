import type { Random } from '../../motions/random.ts';
import { cosine, sine } from '../../motions/sine.ts';
import type { ShapeRanges } from '../splits.ts';
import type { Contour, Outline } from './outline.ts';

/** Straight lines are cut into as many, so that they can be bent. */
const CUTS = 4;

/** `outline` as one shape has it: bent, stretched, slanted and turned. */
export function bent(
  outline: Outline,
  random: Random,
  { turn, stretch, shear, bend }: Pick<ShapeRanges, 'turn' | 'stretch' | 'shear' | 'bend'>,
): Outline {
  const [tall, slant, far] = [random.between(stretch), random.between(shear), random.between(bend)];
  const [rateX, rateY] = [random.between([1.5, 4]), random.between([1.5, 4])];
  const [startX, startY] = [random.between([0, 7]), random.between([0, 7])];
  const angle = random.between(turn);
  const [c, s] = [cosine(angle), sine(angle)];
  const root = Math.sqrt(tall);
  return outline.map((contour) => {
    const moved: number[] = [];
    for (const [x, y] of points(contour)) {
      const u = (x + far * sine(rateX * y + startX) + slant * y) / root;
      const v = (y + far * sine(rateY * x + startY)) * root;
      moved.push(c * u - s * v, s * u + c * v);
    }
    return moved;
  });
}

function* points(contour: Contour): Generator<readonly [x: number, y: number]> {
  const cuts = contour.length >= 40 ? 1 : CUTS;
  for (let i = 0; i < contour.length; i += 2) {
    const [x, y] = [contour[i] ?? 0, contour[i + 1] ?? 0];
    const next = (i + 2) % contour.length;
    const [dx, dy] = [(contour[next] ?? 0) - x, (contour[next + 1] ?? 0) - y];
    for (let cut = 0; cut < cuts; cut++) yield [x + (dx * cut) / cuts, y + (dy * cut) / cuts];
  }
}

/** `outline` in pixels. */
export function placed(outline: Outline, x: number, y: number, scale: number): Outline {
  return outline.map((contour) => contour.map((value, i) => value * scale + (i % 2 === 0 ? x : y)));
}

/** What of `outline` is farther than `from` in the direction of `angle` (Sutherland and Hodgman 1974, one edge). */
export function beyond(outline: Outline, angle: number, from: number): Outline {
  const [nx, ny] = [cosine(angle), sine(angle)];
  return outline.map((contour) => {
    const kept: number[] = [];
    for (let i = 0; i < contour.length; i += 2) {
      const [x, y] = [contour[i] ?? 0, contour[i + 1] ?? 0];
      const next = (i + 2) % contour.length;
      const [x1, y1] = [contour[next] ?? 0, contour[next + 1] ?? 0];
      const [here, there] = [nx * x + ny * y - from, nx * x1 + ny * y1 - from];
      if (here >= 0) kept.push(x, y);
      if (here >= 0 === there >= 0) continue;
      const t = here / (here - there);
      kept.push(x + t * (x1 - x), y + t * (y1 - y));
    }
    return kept;
  });
}
