import { cosine, sine } from '../../motions/sine.ts';
import type { ShapeClass } from '../classes.ts';
import { type Contour, type OutlineFamily, reversed, scaled } from './outline.ts';

const TURN = 2 * Math.PI;
/** Corners of what is round. */
const ROUND = 32;

/** Corners at equal angles, the first at the top; `radius` may differ from one to the next. */
function around(count: number, radius: (i: number) => number): Contour {
  return Array.from({ length: count }, (_, i) => {
    const angle = (TURN * i) / count;
    return [radius(i) * sine(angle), -radius(i) * cosine(angle)];
  }).flat();
}

/** A closed curve from a point for each angle of 0 … 2π. */
function curve(at: (angle: number) => readonly [x: number, y: number]): Contour {
  return Array.from({ length: ROUND }, (_, i) => at((TURN * i) / ROUND)).flat();
}

const circle = around(ROUND, () => 1);

const arrow: OutlineFamily = (random) => {
  const [head, shaft] = [random.between([0.48, 0.66]), random.between([0.16, 0.27])];
  const neck = random.between([-0.35, -0.05]);
  return [[0, -1, head, neck, shaft, neck, shaft, 0.95, -shaft, 0.95, -shaft, neck, -head, neck]];
};

const bolt: OutlineFamily = (random) => {
  const [wide, waist] = [random.between([0.42, 0.58]), random.between([0.08, 0.2])];
  return [[waist, -1, -wide, waist, -0.04, waist, -waist, 1, wide, -waist, 0.04, -waist]];
};

const crescent: OutlineFamily = (random) => {
  // What a disc of the same size leaves of a disc, `away` beside it: the outer arc, and the inner one back.
  const away = random.between([0.5, 0.72]);
  const half = Math.sqrt(1 - (away / 2) ** 2);
  const outer: number[] = [];
  for (let i = 0; i < ROUND; i++) {
    const [x, y] = [sine((TURN * i) / ROUND + 0.5 * Math.PI), -cosine((TURN * i) / ROUND + 0.5 * Math.PI)];
    if (x < away / 2) outer.push(x, y);
  }
  const inner = mirrored(outer, away / 2);
  return [[away / 2, half, ...outer, away / 2, -half, ...reversed(inner)]].map((line) => shifted(line, 0.5 - away / 4));
};

/** The part of `line` that is left of the vertical line at `x`, folded over to become its inner side. */
function mirrored(line: Contour, x: number): Contour {
  // The second disc's own left arc: the first's, moved to the right by twice `x`, where it is left of the fold.
  const moved: number[] = [];
  for (let i = 0; i < line.length; i += 2) {
    const at = (line[i] ?? 0) + 2 * x;
    if (at < x) moved.push(at, line[i + 1] ?? 0);
  }
  return moved;
}

const shifted = (line: Contour, x: number): Contour => line.map((value, i) => (i % 2 === 0 ? value + x : value));

const cross: OutlineFamily = (random) => {
  const [a, b] = [random.between([0.24, 0.37]), 0.93];
  return [[-a, -b, a, -b, a, -a, b, -a, b, a, a, a, a, b, -a, b, -a, a, -b, a, -b, -a, -a, -a]];
};

const drop: OutlineFamily = (random) => {
  // The teardrop curve of order 2.
  const wide = random.between([1, 1.3]);
  return [curve((t) => [(wide * sine(t) * (1 - cosine(t))) / 2, -cosine(t)])];
};

const frame: OutlineFamily = (random) => {
  const square = around(4, () => 1);
  return [square, reversed(scaled(square, random.between([0.5, 0.7])))];
};

const gear: OutlineFamily = (random) => {
  const [teeth, foot] = [7 + random.below(4), random.between([0.68, 0.78])];
  const rim = around(4 * teeth, (i) => (i % 4 < 2 ? 1 : foot));
  return [rim, reversed(scaled(circle, random.between([0.22, 0.38])))];
};

const heart: OutlineFamily = (random) => {
  const tall = random.between([0.92, 1.08]);
  return [
    curve((t) => {
      const s = sine(t);
      const y = 13 * cosine(t) - 5 * cosine(2 * t) - 2 * cosine(3 * t) - cosine(4 * t);
      return [0.95 * s * s * s, -(tall * (y + 2.5)) / 17];
    }),
  ];
};

const hexagon: OutlineFamily = () => [around(6, () => 1)];

const ring: OutlineFamily = (random) => [circle, reversed(scaled(circle, random.between([0.5, 0.7])))];

const star: OutlineFamily = (random) => {
  const inner = random.between([0.38, 0.5]);
  return [around(10, (i) => (i % 2 === 0 ? 1 : inner))];
};

const triangle: OutlineFamily = () => [around(3, () => 1)];

/** How each class is drawn, before it is turned, bent and placed. */
export const outlineFamilies: Readonly<Record<ShapeClass, OutlineFamily>> = {
  arrow,
  bolt,
  crescent,
  cross,
  drop,
  frame,
  gear,
  heart,
  hexagon,
  ring,
  star,
  triangle,
};
