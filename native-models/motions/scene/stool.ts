import type { Part } from '../body/figure.ts';
import { add, turnY, type Vector } from '../body/vector.ts';
import { randomColour } from '../colour.ts';
import type { Random } from '../random.ts';
import { type Projected, project } from './projection.ts';

/**
 * A stool behind where the figure starts, in one clip of three whatever the class, so that it does not give away who
 * will sit down; those who sit without one sit in the air, as a mime does.
 */
export function stoolOf(random: Random, heading: number, elevation: number): Projected | null {
  if (!random.chance(0.33)) return null;
  const colour = randomColour(random, [0, 0.8], [0.2, 0.95]);
  const middle: Vector = [0.05 * random.bell(), 0, -0.42 + 0.04 * random.bell()];
  const turn = turnY(heading);
  const part = (from: Vector, to: Vector, radius: number): Part => ({
    from: turn(add(middle, from)),
    to: turn(add(middle, to)),
    fromRadius: radius,
    toRadius: radius,
    colour,
    region: null,
  });
  const parts = [-0.12, -0.06, 0, 0.06, 0.12].map((x) => part([x, 0.34, -0.12], [x, 0.34, 0.12], 0.038));
  for (const x of [-0.13, 0.13]) {
    for (const z of [-0.13, 0.13]) parts.push(part([x, 0.3, z], [1.15 * x, 0.02, 1.15 * z], 0.018));
  }
  return project(parts, elevation);
}
