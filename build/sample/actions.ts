import type { Arm, Leg, Pose } from '#native-models/motions/body/figure.ts';

/** A pose for every moment. */
export type Action = (seconds: number) => Pose;

const hanging: Arm = { raise: 0.03, spread: 0.1, twist: 0, bend: 0.18 };
const standingLeg: Leg = { swing: 0, spread: 0.06, bend: 0, flex: 0 };

/** From 0 to 1 while `x` goes from `from` to `to`, without a jerk at either end. */
function ease(x: number, from: number, to: number): number {
  const t = Math.min(1, Math.max(0, (x - from) / (to - from)));
  return t * t * t * (t * (6 * t - 15) + 10);
}

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

/** Steps per second of {@link walking}. */
const stepsPerSecond = 1.75;
const stride = 0.42;

/** Metres per second at which the standing foot of {@link walking} stays where it is. */
export const walkingSpeed = 2 * 0.87 * Math.sin(stride) * stepsPerSecond;

/** Walks with swinging arms; {@link walkingSpeed} gives the pace that fits. */
export const walking: Action = (seconds) => {
  const phase = Math.PI * stepsPerSecond * seconds;
  const leg = (at: number): Leg => {
    const swing = stride * Math.sin(at) + 0.06;
    // The leg that comes forwards bends; the one that carries is nearly straight.
    const bend = 0.08 + 0.95 * Math.max(0, Math.cos(at)) ** 1.5;
    return { swing: swing + 0.3 * Math.max(0, Math.cos(at)), spread: 0.01, bend, flex: 0.55 * (bend - swing) };
  };
  const arm = (at: number): Arm => ({
    raise: 0.5 * Math.sin(at),
    spread: 0.1,
    twist: 0,
    bend: 0.35 + 0.25 * Math.sin(at),
  });
  return {
    lean: 0.05,
    sway: 0.02 * Math.sin(phase),
    turn: 0.16 * Math.sin(phase),
    lift: 0,
    left: { arm: arm(phase + Math.PI), leg: leg(phase) },
    right: { arm: arm(phase), leg: leg(phase + Math.PI) },
  };
};

/** Jumps with feet and arms apart, and together again. */
export const jumpingJacks: Action = (seconds) => {
  const phase = (seconds / 1.25) % 1;
  // Two hops a cycle: open in the first, closed in the second, a short rest on the floor after each.
  const open = ease(phase, 0.02, 0.4) - ease(phase, 0.52, 0.9);
  const hop = (phase * 2) % 1;
  const air = hop < 0.72 ? Math.sin((Math.PI * hop) / 0.72) : 0;
  const crouch = hop < 0.72 ? 0 : Math.sin((Math.PI * (hop - 0.72)) / 0.28);
  const arm: Arm = { raise: 0.06, spread: mix(0.12, 2.75, open), twist: 0.9 * open, bend: mix(0.15, 0.35, open) };
  const leg: Leg = {
    swing: 0.05 + 0.22 * crouch,
    spread: mix(0.05, 0.4, open),
    bend: 0.08 + 0.45 * crouch,
    flex: 0.05 + 0.23 * crouch - 0.45 * air,
  };
  return { lean: 0.1 * crouch, sway: 0, turn: 0, lift: 0.11 * air, left: { arm, leg }, right: { arm, leg } };
};

/** Stands and waves, first with the right hand, then with the left. */
export const waving: Action = (seconds) => {
  const breath = Math.sin(2.1 * seconds);
  const wave = (raised: number): Arm => ({
    raise: mix(hanging.raise, 0.25, raised),
    spread: mix(hanging.spread, 1.5, raised),
    twist: mix(0, 1.45, raised),
    bend: mix(hanging.bend, 1.4 + 0.36 * Math.sin(2 * Math.PI * 1.7 * seconds), raised),
  });
  const right = ease(seconds, 0.1, 0.8) - ease(seconds, 4.4, 5.2);
  const left = ease(seconds, 5.0, 5.9) - ease(seconds, 9.3, 10.2);
  return {
    lean: 0.012 * breath,
    sway: 0.05 * (left - right) + 0.012 * Math.sin(1.3 * seconds),
    turn: 0.08 * (left - right),
    lift: 0,
    left: { arm: wave(left), leg: standingLeg },
    right: { arm: wave(right), leg: standingLeg },
  };
};
