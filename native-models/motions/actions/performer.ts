import type { Arm, Leg, Pose } from '../body/figure.ts';
import type { Random } from '../random.ts';
import { sine } from '../sine.ts';
import type { Action } from './action.ts';

/**
 * `action` as nobody does it twice: each joint off by an amount of its own that slowly comes and goes, and left and
 * right exchanged for one half of the performers.
 *
 * @param clumsiness Standard deviation of the angles, radians.
 */
export function performedBy(action: Action, clumsiness: number, leftHanded: boolean, random: Random): Action {
  const wobbles = Array.from({ length: 11 }, () => {
    const [off, sway, speed, start] = [random.bell(), random.bell(), 1.5 + 3 * random.next(), 7 * random.next()];
    return (seconds: number) => clumsiness * (off + 0.5 * sway * sine(speed * seconds + start));
  });
  return (seconds) => {
    const off = wobbles.map((wobble) => wobble(seconds));
    const moment = action(seconds);
    const pose = loosen(moment.pose, off);
    if (!leftHanded) return { ...moment, pose };
    return { ...moment, pose: mirrored(pose), aside: -(moment.aside ?? 0) };
  };
}

function loosen(pose: Pose, off: readonly number[]): Pose {
  const [lean = 0, sway = 0, turn = 0, ...limbs] = off;
  const arm = (a: Arm, [raise = 0, spread = 0, bend = 0]: readonly number[]): Arm => ({
    raise: a.raise + 1.5 * raise,
    spread: a.spread + spread,
    twist: a.twist,
    bend: Math.max(0, a.bend + 1.5 * bend),
  });
  // Little, since the feet must still stand on the floor.
  const leg = (l: Leg, swing: number): Leg => ({ ...l, swing: l.swing + 0.6 * swing });
  return {
    ...pose,
    lean: pose.lean + lean,
    sway: pose.sway + 0.6 * sway,
    turn: pose.turn + turn,
    left: { arm: arm(pose.left.arm, limbs.slice(0, 3)), leg: leg(pose.left.leg, limbs[6] ?? 0) },
    right: { arm: arm(pose.right.arm, limbs.slice(3, 6)), leg: leg(pose.right.leg, limbs[7] ?? 0) },
  };
}

function mirrored(pose: Pose): Pose {
  return {
    ...pose,
    sway: -pose.sway,
    turn: -pose.turn,
    roll: -(pose.roll ?? 0),
    spin: -(pose.spin ?? 0),
    left: pose.right,
    right: pose.left,
  };
}
