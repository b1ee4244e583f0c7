import type { Arm } from '../body/figure.ts';
import { type Choreography, levelLeg } from './action.ts';
import { cycles, ease, fraction, mix, pulse } from './timing.ts';

/** Crouches, leaps with the arms thrown up, lands. */
export const jump: Choreography = (style) => {
  const height = style.random.between([0.28, 0.5]) * style.amplitude;
  return (seconds) => {
    const t = fraction(cycles(seconds, 1.15, style));
    const flight = Math.min(1, Math.max(0, (t - 0.4) / 0.38));
    const air = 4 * flight * (1 - flight);
    const crouch = pulse(t, 0.02, 0.28, 0.3, 0.42) + 0.7 * pulse(t, 0.76, 0.84, 0.86, 1);
    const thrown = pulse(t, 0.26, 0.5, 0.68, 0.95);
    const bend = 0.05 + 1.25 * crouch * style.amplitude;
    const arm: Arm = {
      raise: mix(mix(0.05, -0.75, Math.min(1, crouch)), 2.5, thrown),
      spread: 0.15 + 0.15 * thrown,
      twist: 0,
      bend: 0.25 + 0.15 * thrown,
    };
    const level = levelLeg(0.62 * bend, bend);
    const leg = { ...level, flex: level.flex - 0.6 * ease(air, 0, 0.5) };
    return {
      pose: { lean: 0.55 * crouch, sway: 0, turn: 0, lift: height * air, left: { arm, leg }, right: { arm, leg } },
    };
  };
};

/** Jumps with feet and arms apart, and together again. */
export const jumpingJack: Choreography = (style) => (seconds) => {
  const t = fraction(cycles(seconds, 1.25, style));
  const open = pulse(t, 0.02, 0.36, 0.54, 0.88);
  const hop = fraction(t * 2);
  const rise = Math.min(1, hop / 0.72);
  const air = 4 * rise * (1 - rise);
  const crouch = pulse(hop, 0.72, 0.84, 0.88, 1);
  const arm: Arm = {
    raise: 0.06,
    spread: mix(0.12, 2.75 * style.amplitude, open),
    twist: 0.9 * open,
    bend: mix(0.15, 0.35, open),
  };
  const leg = {
    swing: 0.05 + 0.22 * crouch,
    spread: mix(0.05, 0.45 * style.amplitude, open),
    bend: 0.08 + 0.45 * crouch,
    flex: 0.05 + 0.23 * crouch - 0.45 * air,
  };
  return {
    pose: { lean: 0.1 * crouch, sway: 0, turn: 0, lift: 0.12 * air, left: { arm, leg }, right: { arm, leg } },
  };
};
