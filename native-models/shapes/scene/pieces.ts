import type { Random } from '../../motions/random.ts';
import { cosine, sine } from '../../motions/sine.ts';
import { shapeClasses } from '../classes.ts';
import { bent, beyond, placed } from '../outlines/bend.ts';
import { outlineFamilies } from '../outlines/families.ts';
import { areaOf, type Outline } from '../outlines/outline.ts';
import type { ShapeRanges } from '../splits.ts';

/** A piece keeps no more of the shape that it was broken off. */
const MOST = 0.45;

/** Something that lies about, and is none of the classes; `radius` in pixels is about what a whole shape would have. */
export function pieceOf(random: Random, x: number, y: number, radius: number, ranges: ShapeRanges): Outline {
  const kind = random.next();
  if (kind < 0.55) return placed(fragment(random, ranges), x, y, radius);
  if (kind < 0.8) return placed([stroke(random)], x, y, radius);
  return placed([blob(random)], x, y, radius * random.between([0.25, 0.7]));
}

/** A part of a shape, broken off along one straight line or two. */
function fragment(random: Random, ranges: ShapeRanges): Outline {
  const name = random.pick(shapeClasses);
  const whole = bent(outlineFamilies[name](random), random, ranges);
  const area = areaOf(whole);
  let part = whole;
  for (let from = random.between([-0.1, 0.35]); areaOf(part) > MOST * area; from += 0.12) {
    part = beyond(part, 2 * Math.PI * random.next(), from);
  }
  return part;
}

/** A bow of some thickness. */
function stroke(random: Random): readonly number[] {
  const [length, thickness] = [random.between([0.6, 2]), random.between([0.06, 0.2])];
  const [start, turn] = [2 * Math.PI * random.next(), random.between([-2.4, 2.4])];
  const steps = 9;
  const [there, back]: [number[], number[][]] = [[], []];
  let [x, y] = [0, 0];
  for (let i = 0; i <= steps; i++) {
    const angle = start + turn * (i / steps - 0.5);
    const [dx, dy] = [cosine(angle), sine(angle)];
    there.push(x - thickness * dy, y + thickness * dx);
    back.push([x + thickness * dy, y - thickness * dx]);
    x += (dx * length) / steps;
    y += (dy * length) / steps;
  }
  return [...there, ...back.reverse().flat()].map((value, i) => value - (i % 2 === 0 ? x : y) / 2);
}

/** Round all over, and like nothing. */
function blob(random: Random): readonly number[] {
  const corners = 20;
  const [a, b] = [random.between([0.1, 0.3]), random.between([0.05, 0.25])];
  const [p, q] = [7 * random.next(), 7 * random.next()];
  return Array.from({ length: corners }, (_, i) => {
    const angle = (2 * Math.PI * i) / corners;
    const radius = 1 + a * sine(2 * angle + p) + b * sine(3 * angle + q);
    return [radius * cosine(angle), radius * sine(angle)];
  }).flat();
}

/** A bar across the picture, as wide as `width` pixels. */
export function barAcross(random: Random, size: number, width: number): Outline {
  const angle = 2 * Math.PI * random.next();
  const [c, s] = [cosine(angle), sine(angle)];
  const [x, y] = [size * random.between([0.2, 0.8]), size * random.between([0.2, 0.8])];
  const [lx, ly, wx, wy] = [1.5 * size * c, 1.5 * size * s, (-width / 2) * s, (width / 2) * c];
  return [[x - lx - wx, y - ly - wy, x + lx - wx, y + ly - wy, x + lx + wx, y + ly + wy, x - lx + wx, y - ly + wy]];
}
