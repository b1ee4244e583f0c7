import type { Action } from '../actions/action.ts';
import { choreographies } from '../actions/choreographies.ts';
import { performedBy } from '../actions/performer.ts';
import { coarsely, figureParts, type Person } from '../body/figure.ts';
import { turnY } from '../body/vector.ts';
import { personOf } from '../body/wardrobe.ts';
import { motionClasses } from '../classes.ts';
import { sine } from '../sine.ts';
import { clipLabel, clipRandom, type MotionSplit, splitRanges } from '../splits.ts';
import { sceneSeconds } from './clock.ts';
import { type Projected, project } from './projection.ts';

/** Who does what, seen from where: the figure of a clip, before it is placed in the picture. */
export interface Performance {
  readonly label: number;
  /** Number of the person. */
  readonly identity: number;
  /** Radians from which the camera looks down. */
  readonly elevation: number;
  /** Direction in which the figure looks, as of a place. */
  readonly heading: number;
  /** The figure's parts in metres, y down, and how far it has gone. */
  at(seconds: number): Appearance;
}

export interface Appearance {
  readonly parts: Projected;
  /** Metres that the figure's place has moved in the picture since the start. */
  readonly gone: { readonly x: number; readonly y: number };
  /** Metres in the picture from the start to the floor under the hips. */
  readonly foot: { readonly x: number; readonly y: number };
}

/** The performance of clip `index`. */
export function performance(split: MotionSplit, index: number): Performance {
  const ranges = splitRanges[split];
  const label = clipLabel(split, index);
  const random = clipRandom(split, index, 'performer');
  const identity = ranges.identities.first + random.below(ranges.identities.count);
  const person = personOf(identity);
  const elevation = random.between(ranges.elevation);
  // Mostly from the front or the side; always so that both what goes ahead and what goes aside can be seen.
  const off = random.chance(0.78) ? random.between([0.45, 1.3]) : random.between([1.7, 2.2]);
  const heading = Math.PI + random.sign() * off;
  const style = {
    tempo: random.between(ranges.tempo),
    amplitude: random.between(ranges.amplitude),
    phase: random.next(),
    seconds: sceneSeconds,
    random: clipRandom(split, index, 'choreography'),
  };
  const clumsiness = random.between(ranges.clumsiness);
  const leftHanded = random.chance(0.5);
  const make = choreographies[motionClasses[label] ?? 'walk'];
  const action = performedBy(make(style), clumsiness, leftHanded, random);
  return { label, identity, elevation, heading, at: appearances(person, action, heading, elevation) };
}

function appearances(person: Person, action: Action, heading: number, elevation: number) {
  const [aheadX, , aheadZ] = turnY(heading)([0, 0, 1]);
  const [asideX, , asideZ] = turnY(heading)([1, 0, 0]);
  const down = -sine(elevation);
  const start = action(0);
  const look = (seconds: number): Appearance => {
    const { pose, ahead = 0, aside = 0 } = action(seconds);
    const forwards = ahead - (start.ahead ?? 0);
    const sideways = aside - (start.aside ?? 0);
    const x = forwards * aheadX + sideways * asideX;
    const z = forwards * aheadZ + sideways * asideZ;
    const solid = figureParts(person, pose, { x, z, heading }, coarsely);
    const hips = solid[0]?.from ?? [x, 0, z];
    return {
      parts: project(solid, elevation),
      gone: { x, y: z * down },
      foot: { x: hips[0], y: hips[2] * down },
    };
  };
  // Framing, the things around and the drawing ask for the same few moments.
  const known = new Map<number, Appearance>();
  return (seconds: number): Appearance => {
    const appearance = known.get(seconds) ?? look(seconds);
    known.set(seconds, appearance);
    return appearance;
  };
}
