import type { Arm, Leg, Pose } from '../body/figure.ts';
import type { Style } from './action.ts';

export const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

/** From 0 to 1 while `x` goes from `from` to `to`, without a jerk at either end. */
export function ease(x: number, from: number, to: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * (3 - 2 * t);
}

/** 1 from `up` to `down` with eased flanks `soft` wide before and after, 0 elsewhere. */
export function pulse(x: number, from: number, up: number, down: number, to: number): number {
  return ease(x, from, up) - ease(x, down, to);
}

/** Position in a cycle of `period` seconds at usual tempo: whole numbers are its starts. */
export function cycles(seconds: number, period: number, { tempo, phase }: Style): number {
  return phase + (seconds * tempo) / period;
}

export const fraction = (x: number): number => x - Math.floor(x);

/**
 * How far an action that happens once has come, from 0 to 1: it takes `duration` seconds at usual tempo and lies,
 * begun as late as the phase says, within the clip.
 */
export function progress(seconds: number, duration: number, { tempo, phase, seconds: length }: Style): number {
  const takes = Math.min(duration / tempo, 0.92 * length);
  const begins = mix(0.02 * length, length - takes - 0.04 * length, phase);
  return Math.min(1, Math.max(0, (seconds - begins) / takes));
}

/** The pose `t` of the way from `a` to `b`. */
function mixPoses(a: Pose, b: Pose, t: number): Pose {
  return {
    lean: mix(a.lean, b.lean, t),
    sway: mix(a.sway, b.sway, t),
    turn: mix(a.turn, b.turn, t),
    lift: mix(a.lift, b.lift, t),
    tip: mix(a.tip ?? 0, b.tip ?? 0, t),
    roll: mix(a.roll ?? 0, b.roll ?? 0, t),
    spin: mix(a.spin ?? 0, b.spin ?? 0, t),
    planted: a.planted ?? false,
    left: { arm: mixArms(a.left.arm, b.left.arm, t), leg: mixLegs(a.left.leg, b.left.leg, t) },
    right: { arm: mixArms(a.right.arm, b.right.arm, t), leg: mixLegs(a.right.leg, b.right.leg, t) },
  };
}

export function mixArms(a: Arm, b: Arm, t: number): Arm {
  return {
    raise: mix(a.raise, b.raise, t),
    spread: mix(a.spread, b.spread, t),
    twist: mix(a.twist, b.twist, t),
    bend: mix(a.bend, b.bend, t),
  };
}

export function mixLegs(a: Leg, b: Leg, t: number): Leg {
  return {
    swing: mix(a.swing, b.swing, t),
    spread: mix(a.spread, b.spread, t),
    bend: mix(a.bend, b.bend, t),
    flex: mix(a.flex, b.flex, t),
  };
}

/** A pose that an action passes through when `at` of it, from 0 to 1, is done. */
export interface KeyPose {
  readonly at: number;
  readonly pose: Pose;
}

/** The pose at `t` between two neighbours of `keys`, which are in order. */
export function throughPoses(keys: readonly KeyPose[], t: number): Pose {
  const next = keys.findIndex((key) => key.at >= t);
  const b = keys[next === -1 ? keys.length - 1 : next];
  const a = keys[Math.max(0, next === -1 ? keys.length - 1 : next - 1)];
  if (a === undefined || b === undefined) throw new RangeError('An action needs a pose.');
  return a === b ? a.pose : mixPoses(a.pose, b.pose, ease(t, a.at, b.at));
}
