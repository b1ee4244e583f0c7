import type { Colour } from '../body/figure.ts';
import { brighter, randomColour } from '../colour.ts';
import type { Random } from '../random.ts';
import { cosine, sine } from '../sine.ts';
import { sceneSeconds } from './clock.ts';
import type { Point } from './framing.ts';

/** A flat shape of a thing, in sides around its middle. */
export type Shape =
  | { readonly kind: 'ball'; readonly x: number; readonly y: number; readonly radius: number; readonly colour: Colour }
  | { readonly kind: 'polygon'; readonly corners: readonly number[]; readonly colour: Colour };

/** Something that is no person: what moves behind or before the figure, and what stands in the way. */
export interface Thing {
  readonly inFront: boolean;
  /** Its middle at `seconds` when the camera has not moved. */
  place(seconds: number): Point;
  /** What it looks like at `seconds`, around its middle. */
  shapes(seconds: number): readonly Shape[];
}

/** Where the camera is, over the ground, at a time. */
export type CameraPath = (seconds: number) => Point;

/** Zero to three moving things and, in one clip of three, something in the way. */
export function thingsOf(random: Random, camera: CameraPath): Thing[] {
  const things: Thing[] = [];
  for (let count = random.pick([0, 0, 1, 1, 2, 3]); count > 0; count--) things.push(distractor(random, camera));
  if (random.chance(0.33)) things.push(occluder(random, camera));
  return things;
}

const solid = (random: Random): Colour => randomColour(random, [0, 0.9], [0.2, 1]);

function distractor(random: Random, camera: CameraPath): Thing {
  const make = random.pick([ball, ball, box, car, leaves, fan]);
  return make(random, camera);
}

/** Moves evenly, and is within the picture at some time of the clip. */
function passing(random: Random, camera: CameraPath, speed: number, [high, low]: readonly [number, number]) {
  const when = sceneSeconds * random.next();
  const seen = camera(when);
  const at = { x: random.between([0.05, 0.95]) + seen.x, y: random.between([high, low]) + seen.y };
  const by = { x: speed * random.sign() * random.between([0.4, 1]), y: 0.25 * speed * random.bell() };
  return (seconds: number): Point => ({ x: at.x + by.x * (seconds - when), y: at.y + by.y * (seconds - when) });
}

function ball(random: Random, camera: CameraPath): Thing {
  const path = passing(random, camera, 0.5, [0.1, 0.8]);
  const [radius, bounce] = [random.between([0.02, 0.07]), random.between([0, 0.25])];
  const [rate, start] = [random.between([0.8, 1.8]), random.next()];
  const shape: Shape = { kind: 'ball', x: 0, y: 0, radius, colour: solid(random) };
  return {
    inFront: random.chance(0.3),
    place: (seconds) => {
      const { x, y } = path(seconds);
      const t = rate * seconds + start - Math.floor(rate * seconds + start);
      return { x, y: y - bounce * 4 * t * (1 - t) };
    },
    shapes: () => [shape],
  };
}

function rectangle(left: number, top: number, right: number, bottom: number, colour: Colour): Shape {
  return { kind: 'polygon', corners: [left, top, right, top, right, bottom, left, bottom], colour };
}

/** A crate that slides or tumbles. */
function box(random: Random, camera: CameraPath): Thing {
  const path = passing(random, camera, 0.4, [0.15, 0.9]);
  const [half, spin, start] = [random.between([0.03, 0.09]), random.chance(0.5) ? 0 : 2 * random.bell(), random.next()];
  const colour = solid(random);
  const turned = (points: readonly number[], angle: number, paint: Colour): Shape => {
    const [c, s] = [cosine(angle), sine(angle)];
    const corners = points.map((value, i) => {
      const other = points[i ^ 1] ?? 0;
      return (i & 1) === 0 ? c * value - s * other : s * other + c * value;
    });
    return { kind: 'polygon', corners, colour: paint };
  };
  return {
    inFront: random.chance(0.25),
    place: path,
    shapes: (seconds) => {
      const angle = spin === 0 ? 0 : spin * seconds + 6 * start;
      const face = [-half, -half, half, -half, half, half, -half, half];
      const lid = [-half, -half, half, -half, half, -half * 0.4, -half, -half * 0.4];
      return [turned(face, angle, colour), turned(lid, angle, brighter(colour, 1.35))];
    },
  };
}

function car(random: Random, camera: CameraPath): Thing {
  const path = passing(random, camera, 0.55, [0.35, 0.85]);
  const s = random.between([0.08, 0.2]);
  const colour = solid(random);
  const wheel = (x: number): Shape => ({ kind: 'ball', x, y: 0.32 * s, radius: 0.2 * s, colour: [30, 30, 32] });
  const shapes: readonly Shape[] = [
    {
      kind: 'polygon',
      corners: [-0.5 * s, -0.5 * s, 0.35 * s, -0.5 * s, 0.7 * s, 0, -0.75 * s, 0],
      colour: brighter(colour, 0.8),
    },
    {
      kind: 'polygon',
      corners: [-0.42 * s, -0.42 * s, 0.3 * s, -0.42 * s, 0.55 * s, 0, -0.58 * s, 0],
      colour: [150, 175, 190],
    },
    rectangle(-s, -0.04 * s, s, 0.32 * s, colour),
    wheel(-0.6 * s),
    wheel(0.6 * s),
  ];
  const still = path(0).y;
  return { inFront: random.chance(0.15), place: (seconds) => ({ x: path(seconds).x, y: still }), shapes: () => shapes };
}

/** A handful of leaves on the wind. */
function leaves(random: Random, camera: CameraPath): Thing {
  const path = passing(random, camera, 0.25, [0.2, 0.7]);
  const colour = randomColour(random, [0.4, 0.9], [0.3, 0.9]);
  const many = Array.from({ length: 3 + random.below(7) }, () => ({
    x: 0.3 * random.bell(),
    y: 0.2 * random.bell(),
    size: random.between([0.008, 0.022]),
    rate: random.between([2, 6]),
    fall: random.between([0, 0.15]),
    colour: brighter(colour, random.between([0.6, 1.2])),
  }));
  return {
    inFront: random.chance(0.5),
    place: path,
    shapes: (seconds) =>
      many.map(({ x, y, size, rate, fall, colour: paint }): Shape => {
        const [c, s] = [size * cosine(rate * seconds + 9 * x), size * sine(rate * seconds + 9 * x)];
        const [cx, cy] = [x + 0.03 * sine(rate * seconds), y + fall * seconds];
        const corners = [cx - 2 * c, cy - 2 * s, cx + s, cy - c, cx + 2 * c, cy + 2 * s, cx - s, cy + c];
        return { kind: 'polygon', corners, colour: paint };
      }),
  };
}

/** Blades that turn: limbs on a body that is nobody's. */
function fan(random: Random, camera: CameraPath): Thing {
  const path = passing(random, camera, 0.1, [0.1, 0.7]);
  const [length, blades] = [random.between([0.06, 0.16]), 2 + random.below(3)];
  const [rate, start] = [random.sign() * random.between([1.5, 6]), 6 * random.next()];
  const colour = solid(random);
  const foot = rectangle(-0.008, 0, 0.008, 2 * length, brighter(colour, 0.6));
  return {
    inFront: false,
    place: path,
    shapes: (seconds) => [
      foot,
      ...Array.from({ length: blades }, (_, blade): Shape => {
        const angle = rate * seconds + start + (2 * Math.PI * blade) / blades;
        const [c, s] = [cosine(angle), sine(angle)];
        const w = 0.12 * length;
        const [ex, ey] = [length * c, length * s];
        return {
          kind: 'polygon',
          corners: [w * s, -w * c, ex + w * s, ey - w * c, ex - w * s, ey + w * c, -w * s, w * c],
          colour,
        };
      }),
    ],
  };
}

/** A post, a bush or a table before the figure. */
function occluder(random: Random, camera: CameraPath): Thing {
  const when = sceneSeconds * random.next();
  const seen = camera(when);
  const x = random.between([0.05, 0.95]) + seen.x;
  const colour = solid(random);
  const dark = brighter(colour, 0.7);
  const kind = random.below(3);
  if (kind === 0) {
    const half = random.between([0.012, 0.04]);
    const shapes = [rectangle(-half, -2, half, 2, colour), rectangle(0.3 * half, -2, half, 2, dark)];
    return { inFront: true, place: () => ({ x, y: 0.5 }), shapes: () => shapes };
  }
  const y = random.between([0.78, 0.98]) + seen.y;
  if (kind === 1) {
    const [half, leg] = [random.between([0.1, 0.22]), random.between([0.008, 0.015])];
    const shapes = [
      rectangle(-half, -0.02, half, 0.015, colour),
      rectangle(-half, 0.015, -half + 2 * leg, 2, dark),
      rectangle(half - 2 * leg, 0.015, half, 2, dark),
    ];
    return { inFront: true, place: () => ({ x, y }), shapes: () => shapes };
  }
  const green: Colour = [random.between([30, 110]), random.between([80, 150]), random.between([20, 80])];
  const shapes = Array.from({ length: 7 }, (): Shape => {
    const radius = random.between([0.03, 0.08]);
    const paint = brighter(green, random.between([0.6, 1.2]));
    return { kind: 'ball', x: 0.09 * random.bell(), y: 0.06 + 0.04 * random.bell(), radius, colour: paint };
  });
  return { inFront: true, place: () => ({ x, y }), shapes: () => shapes };
}
