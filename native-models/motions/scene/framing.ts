import type { Extent } from '../backgrounds/background.ts';
import type { Random } from '../random.ts';
import { sine } from '../sine.ts';
import type { SplitRanges } from '../splits.ts';
import { framesPerSecond, sampledFrames, sceneSeconds } from './clock.ts';
import type { Performance } from './performance.ts';
import { boxAround, coveredArea } from './projection.ts';

/** A point or a distance in the picture, in sides of the frame, y down. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How the camera is held: what is where in the picture. */
export interface Framing {
  /** Sides a metre. */
  readonly scale: number;
  /** Where the figure's start on the floor is when the camera has not moved. */
  readonly origin: Point;
  /** How far the camera has moved over the ground that the figure stands on. */
  camera(seconds: number, gone: Point): Point;
  /** How far it has moved over the background, which is further away. */
  backdrop(seconds: number, gone: Point): Point;
  /** All of the background that is ever in the picture. */
  readonly extent: Extent;
  /** Where the floor meets what is behind it. */
  readonly horizon: number;
}

/** Frames that decide the framing; what a clip samples of the scene must not. */
const surveyed = sampledFrames(8).map((frame) => frame / framesPerSecond);

/** Most of the frame that the figure may cross, and most that it may fill, sides. */
const longestPath = 0.5;
const widest = 0.98;

/**
 * Frames a performance so that the figure covers, on average over the clip, a share of the picture that is drawn
 * without regard to what it does: otherwise a silhouette's size would give the class away.
 */
export function frameUp(performed: Performance, { area }: SplitRanges, random: Random): Framing {
  const seen = surveyed.map((seconds) => ({ seconds, ...performed.at(seconds) }));
  const boxes = seen.map(({ parts }) => boxAround(parts));
  const covered = seen.reduce((sum, { parts }, i) => sum + coveredArea(parts, boxes[i] ?? boxAround(parts)), 0);
  let scale = Math.sqrt(random.between(area) / (covered / seen.length));

  const drift = { x: 0.14 * random.bell(), y: 0.03 * random.bell() };
  const shake = shaking(random);
  const parallax = random.between([0.3, 0.6]);
  const firmness = random.next();
  const last = seen.at(-1)?.gone ?? { x: 0, y: 0 };
  const path = Math.abs(last.x) * scale;
  const least = Math.max(0.25, 1 - longestPath / Math.max(path, 1e-6));
  const follow = least + (1 - least) * firmness;

  const held = (seconds: number): Point => {
    const t = seconds / sceneSeconds - 0.5;
    const by = shake(seconds);
    return { x: drift.x * t + by.x, y: drift.y * t + by.y };
  };
  const moved = (seconds: number, gone: Point, share: number): Point => {
    const by = held(seconds);
    return { x: share * gone.x + by.x, y: share * gone.y + by.y };
  };
  const bounds = () => {
    const around = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
    for (const [i, { seconds, gone }] of seen.entries()) {
      const box = boxes[i];
      if (box === undefined) continue;
      const by = moved(seconds, gone, follow * scale);
      around.left = Math.min(around.left, box.left * scale - by.x);
      around.right = Math.max(around.right, box.right * scale - by.x);
      around.top = Math.min(around.top, box.top * scale - by.y);
      around.bottom = Math.max(around.bottom, box.bottom * scale - by.y);
    }
    return around;
  };
  const before = bounds();
  const excess = Math.max(before.right - before.left, before.bottom - before.top) / widest;
  if (excess > 1) scale /= excess;
  const around = bounds();
  const place = (low: number, high: number) => {
    const slack = 1 - (high - low);
    return slack * random.between([0.04, 0.96]) - low;
  };
  const origin = { x: place(around.left, around.right), y: place(around.top, around.bottom) };

  const back = follow * parallax * scale;
  const views = seen.map(({ seconds, gone }) => moved(seconds, gone, back));
  const slack = 0.02;
  return {
    scale,
    origin,
    camera: (seconds, gone) => moved(seconds, gone, follow * scale),
    backdrop: (seconds, gone) => moved(seconds, gone, back),
    extent: {
      left: Math.min(...views.map(({ x }) => x)) - slack,
      right: Math.max(...views.map(({ x }) => x)) + 1 + slack,
      top: Math.min(...views.map(({ y }) => y)) - slack,
      bottom: Math.max(...views.map(({ y }) => y)) + 1 + slack,
    },
    horizon: Math.max(0.15, origin.y - random.between([0.05, 0.3])),
  };
}

/** A hand that is not quite still; a third of the cameras stand on a tripod. */
function shaking(random: Random): (seconds: number) => Point {
  const strength = random.chance(0.35) ? 0 : 0.012 * random.next();
  const waves = Array.from({ length: 4 }, () => ({ rate: 2 + 12 * random.next(), start: 7 * random.next() }));
  const [a, b, c, d] = waves.map(
    ({ rate, start }) =>
      (seconds: number) =>
        strength * sine(rate * seconds + start),
  );
  return (seconds) => ({
    x: (a?.(seconds) ?? 0) + (b?.(seconds) ?? 0),
    y: (c?.(seconds) ?? 0) + (d?.(seconds) ?? 0),
  });
}
