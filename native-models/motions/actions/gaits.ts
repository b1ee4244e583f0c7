import type { Arm, Leg } from '../body/figure.ts';
import { cosine, sine } from '../sine.ts';
import type { Choreography, Moment } from './action.ts';
import { cycles } from './timing.ts';

/** What distinguishes ways of going on two legs. One cycle is two steps. */
interface Gait {
  readonly cycleSeconds: number;
  /** Radians from the vertical at which a thigh turns round. */
  readonly stride: number;
  /** How far the leg that comes forwards is bent. */
  readonly fold: number;
  readonly armSwing: number;
  readonly armBend: number;
  readonly lean: number;
  /** Metres off the floor between two steps. */
  readonly lift: number;
  /** Metres a second at usual tempo and amplitude. */
  readonly speed: number;
}

const walking: Gait = {
  cycleSeconds: 1.2,
  stride: 0.46,
  fold: 0.95,
  armSwing: 0.52,
  armBend: 0.35,
  lean: 0.05,
  lift: 0,
  speed: 1.15,
};

const running: Gait = {
  cycleSeconds: 0.86,
  stride: 0.72,
  fold: 1.75,
  armSwing: 0.8,
  armBend: 1.5,
  lean: 0.24,
  lift: 0.09,
  speed: 2.3,
};

/** `turns` cycles into a gait. */
function step(gait: Gait, turns: number, amplitude: number): Moment {
  const phase = 2 * Math.PI * turns;
  const leg = (at: number): Leg => {
    const forwards = Math.max(0, cosine(at));
    const swing = amplitude * gait.stride * sine(at) + 0.06 + 0.3 * forwards;
    const bend = 0.1 + gait.fold * forwards * (0.4 + 0.6 * forwards);
    return { swing, spread: 0.015, bend, flex: 0.55 * (bend - swing) };
  };
  const arm = (at: number): Arm => ({
    raise: amplitude * gait.armSwing * sine(at) + 0.25 * gait.lean,
    spread: 0.1,
    twist: 0,
    bend: gait.armBend + 0.25 * sine(at),
  });
  const up = 0.5 + 0.5 * cosine(2 * phase);
  return {
    pose: {
      lean: gait.lean,
      sway: 0.025 * sine(phase),
      turn: 0.16 * sine(phase),
      lift: gait.lift * up,
      left: { arm: arm(phase + Math.PI), leg: leg(phase) },
      right: { arm: arm(phase), leg: leg(phase + Math.PI) },
    },
    ahead: turns * gait.cycleSeconds * gait.speed * amplitude,
  };
}

export const walk: Choreography = (style) => (seconds) =>
  step(walking, cycles(seconds, walking.cycleSeconds, style), style.amplitude);

/** Exactly `walk` with time running back, so that no single frame tells which it is. */
export const walkBackwards: Choreography = (style) => (seconds) =>
  step(walking, -cycles(seconds, walking.cycleSeconds, style), style.amplitude);

export const run: Choreography = (style) => (seconds) =>
  step(running, cycles(seconds, running.cycleSeconds, style), style.amplitude);
