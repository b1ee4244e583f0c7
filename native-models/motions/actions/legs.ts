import type { Arm, Leg, Pose } from '../body/figure.ts';
import { sine } from '../sine.ts';
import { type Choreography, hanging, levelLeg } from './action.ts';
import { cycles, fraction, mix, mixArms, mixLegs, pulse } from './timing.ts';

const fists: Arm = { raise: 0.6, spread: 0.3, twist: 0, bend: 1.5 };
const chambered: Leg = { swing: 1.25, spread: 0.08, bend: 1.6, flex: 0.2 };

/** Draws the knee up, snaps the foot forwards, sets it back. */
export const kick: Choreography = (style) => (seconds) => {
  const t = fraction(cycles(seconds, 1.4, style));
  const back = { swing: -0.35, spread: 0.08, bend: 0.5, flex: 0 };
  const out: Leg = { swing: 1.55 * style.amplitude, spread: 0.08, bend: 0.12, flex: -0.2 };
  const drawn = pulse(t, 0.1, 0.3, 0.6, 0.86);
  const snapped = pulse(t, 0.28, 0.42, 0.5, 0.64);
  const leg = mixLegs(mixLegs(back, chambered, drawn), out, snapped);
  const pose: Pose = {
    lean: -0.12 * drawn - 0.16 * snapped,
    sway: -0.06 * drawn,
    turn: 0.3 * snapped,
    lift: 0,
    left: { arm: mixArms(fists, { ...fists, raise: 0.9, spread: 0.6 }, snapped), leg: levelLeg(0.05, 0.16) },
    right: { arm: mixArms(fists, { ...fists, raise: -0.3, bend: 0.8 }, snapped), leg },
  };
  return { pose };
};

/** Down with bent knees and arms held forwards, and up again. */
export const squat: Choreography = (style) => (seconds) => {
  const down = 0.5 - 0.5 * sine(2 * Math.PI * cycles(seconds, 1.55, style));
  const depth = down * Math.min(1.1, style.amplitude);
  const arm = mixArms(hanging, { raise: 1.45, spread: 0.05, twist: 0, bend: 0.12 }, down);
  const leg = levelLeg(1.65 * depth, 2.05 * depth, 0.16);
  return {
    pose: { lean: 0.62 * depth, sway: 0, turn: 0, lift: 0, left: { arm, leg }, right: { arm, leg }, planted: true },
  };
};

/** Bows from the hips with nearly straight legs until the hands reach for the floor, and up again. */
export const bend: Choreography = (style) => (seconds) => {
  const down = 0.5 - 0.5 * sine(2 * Math.PI * cycles(seconds, 1.65, style));
  const lean = 1.85 * Math.min(1.08, style.amplitude) * down;
  // The arms hang down whatever the trunk does.
  const arm: Arm = { raise: mix(0.05, lean, down), spread: 0.1, twist: 0, bend: 0.1 };
  const leg = levelLeg(-0.1 * down, 0.12 * down, 0.1);
  return { pose: { lean, sway: 0, turn: 0, lift: 0, left: { arm, leg }, right: { arm, leg }, planted: true } };
};
