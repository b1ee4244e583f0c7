import type { Arm, Pose } from '../body/figure.ts';
import { sine } from '../sine.ts';
import { type Choreography, hanging, levelLeg, standing } from './action.ts';
import { cycles, fraction, mix, mixArms, pulse, throughPoses } from './timing.ts';

/** One hand up, the forearm swings from side to side. */
export const wave: Choreography = (style) => {
  const height = style.random.between([1.35, 1.9]);
  return (seconds) => {
    const swing = sine(2 * Math.PI * cycles(seconds, 0.95, style));
    const arm: Arm = { raise: 0.2, spread: height, twist: 1.45, bend: 1.25 + 0.75 * style.amplitude * swing };
    return {
      pose: { ...standing, sway: -0.05 + 0.02 * swing, right: { arm, leg: standing.right.leg }, turn: 0.05 * swing },
    };
  };
};

/** Both hands meet in front of the chest and part. */
export const clap: Choreography = (style) => {
  const height = style.random.between([0.75, 1.45]);
  return (seconds) => {
    const open = 0.5 - 0.5 * sine(2 * Math.PI * cycles(seconds, 0.9, style));
    const arm: Arm = {
      raise: height,
      spread: mix(-0.36, 1.05 * style.amplitude, open),
      twist: 0,
      bend: mix(0.45, 0.75, open),
    };
    return { pose: { ...standing, left: { ...standing.left, arm }, right: { ...standing.right, arm } } };
  };
};

const guard: Arm = { raise: 0.55, spread: 0.12, twist: -0.3, bend: 2.05 };
const jab: Arm = { raise: 1.52, spread: -0.06, twist: 0, bend: 0.06 };

/** Fists from the guard straight forwards, one after the other. */
export const punch: Choreography = (style) => {
  const reach = Math.min(1, 0.2 + 0.8 * style.amplitude);
  return (seconds) => {
    const t = fraction(cycles(seconds, 1.2, style));
    const right = reach * pulse(t, 0.05, 0.2, 0.3, 0.45);
    const left = reach * pulse(t, 0.55, 0.7, 0.8, 0.95);
    const pose: Pose = {
      lean: 0.1 + 0.08 * (left + right),
      sway: 0,
      turn: 0.55 * (left - right),
      lift: 0,
      left: { arm: mixArms(guard, jab, left), leg: levelLeg(0.34, 0.4, 0.1) },
      right: { arm: mixArms(guard, jab, right), leg: levelLeg(-0.22, 0.32, 0.1) },
    };
    return { pose };
  };
};

const wound: Pose = {
  lean: -0.16,
  sway: -0.1,
  turn: 0.7,
  lift: 0,
  left: { arm: { raise: 1.25, spread: 0.25, twist: 0, bend: 0.3 }, leg: levelLeg(0.45, 0.35) },
  right: { arm: { raise: 0.1, spread: 1.75, twist: 1.5, bend: 1.6 }, leg: levelLeg(-0.1, 0.35) },
};

const released: Pose = {
  lean: 0.3,
  sway: 0.05,
  turn: -0.45,
  lift: 0,
  left: { arm: { raise: 0.1, spread: 0.35, twist: 0, bend: 0.6 }, leg: levelLeg(0.5, 0.55) },
  right: { arm: { raise: 2.05, spread: 0.1, twist: 0, bend: 0.1 }, leg: levelLeg(-0.45, 0.3) },
};

const followedThrough: Pose = {
  lean: 0.6,
  sway: 0.1,
  turn: -0.7,
  lift: 0,
  left: { arm: { raise: -0.35, spread: 0.4, twist: 0, bend: 0.5 }, leg: levelLeg(0.5, 0.65) },
  right: { arm: { raise: 0.45, spread: -0.25, twist: 0, bend: 0.25 }, leg: levelLeg(-0.55, 0.4) },
};

/** Winds up, throws overarm, follows through, and comes back for the next. */
export const toss: Choreography = (style) => (seconds) => {
  const t = fraction(cycles(seconds, 1.75, style));
  const keys = [
    { at: 0, pose: standing },
    { at: 0.34, pose: wound },
    { at: 0.42, pose: wound },
    { at: 0.56, pose: released },
    { at: 0.7, pose: followedThrough },
    { at: 1, pose: { ...standing, left: { ...standing.left, arm: hanging } } },
  ];
  return { pose: throughPoses(keys, t) };
};
