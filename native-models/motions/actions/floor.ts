import type { Arm, Leg, Pose } from '../body/figure.ts';
import { type Choreography, levelLeg, type Style, standing } from './action.ts';
import { type KeyPose, progress, throughPoses } from './timing.ts';

function symmetric(lean: number, tip: number, arm: Arm, leg: Leg): Pose {
  return { lean, sway: 0, turn: 0, lift: 0, tip, left: { arm, leg }, right: { arm, leg }, planted: true };
}

const upright: Pose = { ...standing, planted: true };
const reaching = { raise: 0.7, spread: 0.12, twist: 0, bend: 0.5 };
const onKnees = { raise: 0.5, spread: 0.05, twist: 0, bend: 0.75 };

/** Standing, forwards over the feet while the hips go back, and seated. */
const sitting: readonly KeyPose[] = [
  { at: 0, pose: upright },
  { at: 0.55, pose: symmetric(0.75, 0, reaching, levelLeg(1.1, 1.3)) },
  { at: 1, pose: symmetric(0.06, 0, onKnees, levelLeg(1.5, 1.52)) },
];

const proppedUp = { raise: -0.85, spread: 0.25, twist: 0, bend: 0.15 };
const alongside = { raise: 0.05, spread: 0.3, twist: 0, bend: 0.25 };

/** Standing, crouched, seated on the floor with the hands behind, and flat on the back. */
const lying: readonly KeyPose[] = [
  { at: 0, pose: upright },
  { at: 0.38, pose: symmetric(0.5, 0, reaching, levelLeg(1.95, 2.35)) },
  { at: 0.62, pose: symmetric(0.25, -0.45, proppedUp, { swing: 1.75, spread: 0.12, bend: 1.5, flex: 0.1 }) },
  { at: 1, pose: symmetric(0, -1.5, alongside, { swing: 0.22, spread: 0.1, bend: 0.32, flex: 0 }) },
];

/** Through `keys` once, in `duration` seconds at usual tempo; the second action is the first in reverse. */
function thereAndBack(keys: readonly KeyPose[], duration: number): readonly [Choreography, Choreography] {
  const along = (style: Style) => (seconds: number) => progress(seconds, duration, style);
  return [
    (style) => (seconds) => ({ pose: throughPoses(keys, along(style)(seconds)) }),
    (style) => (seconds) => ({ pose: throughPoses(keys, 1 - along(style)(seconds)) }),
  ];
}

export const [sitDown, standUp] = thereAndBack(sitting, 1.15);
export const [lieDown, getUp] = thereAndBack(lying, 1.6);
