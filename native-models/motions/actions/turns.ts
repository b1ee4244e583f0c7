import type { Arm, Leg } from '../body/figure.ts';
import { sine } from '../sine.ts';
import { type Choreography, standing } from './action.ts';
import { cycles, ease, progress, pulse } from './timing.ts';

/** Over one hand and the other, legs apart, and back on the feet. */
export const cartwheel: Choreography = (style) => {
  const travel = style.random.between([1.5, 2.1]);
  return (seconds) => {
    const t = progress(seconds, 1.45, style);
    const over = ease(t, 0.08, 0.92);
    const wide = pulse(t, 0.02, 0.3, 0.7, 0.98);
    const ready = pulse(t, 0, 0.12, 0.88, 1);
    const arm: Arm = { raise: 0.05, spread: 0.12 + 2.65 * ready, twist: 0, bend: 0.12 };
    const leg: Leg = { swing: 0.02, spread: 0.06 + 0.75 * style.amplitude * wide, bend: 0.05, flex: -0.5 * wide };
    return {
      pose: { ...standing, roll: -2 * Math.PI * over, left: { arm, leg }, right: { arm, leg } },
      aside: travel * over,
    };
  };
};

/** On the spot with small steps until it looks the other way, or once round. */
export const turnAround: Choreography = (style) => {
  const angle = style.random.sign() * Math.PI * style.random.between([0.9, 1.7]);
  return (seconds) => {
    const t = progress(seconds, 1.5, style);
    const moving = pulse(t, 0, 0.12, 0.88, 1);
    const steps = sine(2 * Math.PI * cycles(seconds, 0.8, style)) * moving * style.amplitude;
    const leg = (lifted: number): Leg => {
      const bend = 0.05 + 0.6 * Math.max(0, lifted);
      return { swing: 0.6 * bend, spread: 0.09, bend, flex: 0.4 * bend };
    };
    const arm: Arm = { raise: 0.1, spread: 0.14 + 0.16 * moving, twist: 0, bend: 0.3 };
    return {
      pose: {
        ...standing,
        turn: 0.2 * moving * Math.sign(angle),
        spin: angle * ease(t, 0, 1),
        left: { arm, leg: leg(steps) },
        right: { arm, leg: leg(-steps) },
      },
    };
  };
};
