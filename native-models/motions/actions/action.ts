import type { Arm, Leg, Pose } from '../body/figure.ts';
import type { Random } from '../random.ts';

/** A figure at one moment of its action. */
export interface Moment {
  readonly pose: Pose;
  /** Metres that it has moved along its heading since the start; absent where it stays. */
  readonly ahead?: number;
  /** Metres to its right. */
  readonly aside?: number;
}

/** An action as a function of the seconds since the clip began. */
export type Action = (seconds: number) => Moment;

/** How one performer does it. Drawn without regard to the class. */
export interface Style {
  /** 1 is usual, 2 twice as fast. */
  readonly tempo: number;
  /** 1 is usual. */
  readonly amplitude: number;
  /** Where in its cycle a repeated action starts, or how late one that happens once: in [0, 1). */
  readonly phase: number;
  /** The length of the clip: what happens once is over by then. */
  readonly seconds: number;
  /** For choices that only this action has. */
  readonly random: Random;
}

/** Makes an action for a performer. */
export type Choreography = (style: Style) => Action;

export const hanging: Arm = { raise: 0.03, spread: 0.1, twist: 0, bend: 0.18 };
const straight: Leg = { swing: 0, spread: 0.06, bend: 0.02, flex: 0 };

/** Stands with hanging arms. */
export const standing: Pose = {
  lean: 0.02,
  sway: 0,
  turn: 0,
  lift: 0,
  left: { arm: hanging, leg: straight },
  right: { arm: hanging, leg: straight },
};

/** A bent leg whose sole stays level when the hips are. */
export function levelLeg(swing: number, bend: number, spread = 0.1): Leg {
  return { swing, bend, spread, flex: bend - swing };
}
