import { add, compose, scale, type Turn, turnX, turnY, turnZ, type Vector } from './vector.ts';

/** Red, green, blue, on whatever scale the drawing that shades it works in. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Regions of the body, as a person would name them; left and right are one. */
export const bodyRegions = ['head', 'trunk', 'upper arm', 'forearm', 'thigh', 'lower leg'] as const;

export type BodyRegion = (typeof bodyRegions)[number];

/** A round cone: two spheres and the surface stretched between them. A figure is made of some twenty of them. */
export interface Part {
  readonly from: Vector;
  readonly to: Vector;
  /** Metres. */
  readonly fromRadius: number;
  readonly toRadius: number;
  readonly colour: Colour;
  /** `null` for what belongs to no body. */
  readonly region: BodyRegion | null;
}

/** All angles in radians; zero everywhere is a figure that stands with hanging arms. */
export interface Arm {
  /** Forwards and up. */
  readonly raise: number;
  /** Sideways and up. */
  readonly spread: number;
  /** About the upper arm; a quarter turn points a bent elbow's forearm up when the arm is spread. */
  readonly twist: number;
  readonly bend: number;
}

export interface Leg {
  readonly swing: number;
  readonly spread: number;
  readonly bend: number;
  /** Toes up. */
  readonly flex: number;
}

export interface Pose {
  /** Forwards. */
  readonly lean: number;
  /** Sideways. */
  readonly sway: number;
  /** Shoulders against hips, about the spine. */
  readonly turn: number;
  /** Metres between the lowest point, mostly a sole, and the floor. */
  readonly lift: number;
  readonly left: { readonly arm: Arm; readonly leg: Leg };
  readonly right: { readonly arm: Arm; readonly leg: Leg };
  /** The whole body forwards; -π/2 lies on its back. */
  readonly tip?: number;
  /** The whole body sideways; π stands on its hands. */
  readonly roll?: number;
  /** The whole body about the vertical. */
  readonly spin?: number;
  /** The feet stay at the place and the hips move; otherwise the hips are at the place. */
  readonly planted?: boolean;
}

export interface Person {
  /** 1 is a figure of about 1.75 m. */
  readonly size: number;
  /** Thickness of trunk and limbs; 1 is average. */
  readonly girth?: number;
  /** Length of the legs; 1 is average. */
  readonly legs?: number;
  readonly skin: Colour;
  readonly hair: Colour;
  readonly longHair: boolean;
  readonly shirt: Colour;
  readonly longSleeves?: boolean;
  readonly trousers: Colour;
  readonly shorts?: boolean;
  readonly shoes: Colour;
}

export interface Place {
  readonly x: number;
  readonly z: number;
  /** 0 looks away from the camera, π at it, π/2 to the right. */
  readonly heading: number;
}

const sides = [
  ['left', -1],
  ['right', 1],
] as const;

/** Where the cones of the trunk stand side by side, from -1 to 1: five look round from near by, … */
const finely = [-1, -0.5, 0, 0.5, 1];
/** … three from far away. */
export const coarsely = [-1, 0, 1];

/** The parts of `person` in `pose`, in world coordinates, with the lowest point `pose.lift` above the floor. */
export function figureParts(person: Person, pose: Pose, place: Place, columns: readonly number[] = finely): Part[] {
  const parts: Part[] = [];
  const girth = person.girth ?? 1;
  const body = compose(turnY(place.heading + (pose.spin ?? 0)), turnZ(pose.roll ?? 0), turnX(-(pose.tip ?? 0)));
  const partsOf =
    (region: BodyRegion): AddPart =>
    (from, to, fromRadius, toRadius, colour) =>
      parts.push({ from, to, fromRadius: fromRadius * girth, toRadius: toRadius * girth, colour, region });

  const spine = compose(body, turnZ(pose.sway), turnX(-pose.lean));
  const shoulders = compose(spine, turnY(pose.turn));
  addTrunk(partsOf('trunk'), person, spine, shoulders, columns);
  addHead(partsOf('head'), person, shoulders);
  let [feetX, feetZ] = [0, 0];
  for (const [name, side] of sides) {
    addArm(partsOf, person, pose[name].arm, side, shoulders);
    const ankle = addLeg(partsOf, person, pose[name].leg, side, body);
    feetX += ankle[0] / 2;
    feetZ += ankle[2] / 2;
  }

  const lowest = parts.reduce((y, p) => Math.min(y, p.from[1] - p.fromRadius, p.to[1] - p.toRadius), Infinity);
  const base: Vector = pose.planted === true ? [-feetX, -lowest, -feetZ] : [0, -lowest, 0];
  const ground: Vector = [place.x, pose.lift, place.z];
  const grow = (v: Vector) => add(scale(add(v, base), person.size), ground);
  return parts.map((p) => ({
    from: grow(p.from),
    to: grow(p.to),
    fromRadius: p.fromRadius * person.size,
    toRadius: p.toRadius * person.size,
    colour: p.colour,
    region: p.region,
  }));
}

type AddPart = (from: Vector, to: Vector, fromRadius: number, toRadius: number, colour: Colour) => void;
type PartsOf = (region: BodyRegion) => AddPart;

/** The origin is the middle of the hips. Cones side by side make hips and chest wide but not deep. */
function addTrunk(part: AddPart, person: Person, spine: Turn, shoulders: Turn, columns: readonly number[]): void {
  for (const across of columns) {
    const round = 0.006 * (1 - across * across);
    const waist = spine([across * 0.064, 0.1, round]);
    const chest = shoulders([across * 0.085, 0.37, round]);
    part(spine([across * 0.075, -0.02, 0]), waist, 0.11, 0.102, person.trousers);
    part(waist, chest, 0.104, 0.115, person.shirt);
    part(chest, shoulders([across * 0.155, 0.452, -0.01]), 0.115, 0.068, person.shirt);
  }
}

function addHead(part: AddPart, person: Person, shoulders: Turn): void {
  part(shoulders([0, 0.45, -0.01]), shoulders([0, 0.56, 0.01]), 0.06, 0.05, person.skin);
  part(shoulders([0, 0.625, 0.035]), shoulders([0, 0.685, 0.022]), 0.082, 0.1, person.skin);
  part(shoulders([0, 0.715, 0.002]), shoulders([0, 0.68, -0.02]), 0.103, 0.1, person.hair);
  if (person.longHair) part(shoulders([0, 0.68, -0.03]), shoulders([0, 0.5, -0.085]), 0.098, 0.05, person.hair);
}

function addArm(partsOf: PartsOf, person: Person, arm: Arm, side: number, shoulders: Turn): void {
  const upper = compose(shoulders, turnX(arm.raise), turnZ(side * arm.spread), turnY(side * arm.twist));
  const fore = compose(upper, turnX(arm.bend));
  const shoulder = shoulders([side * 0.18, 0.445, 0]);
  const elbow = add(shoulder, upper([0, -0.285, 0]));
  const sleeve = add(shoulder, upper([0, -0.17, 0]));
  const wrist = add(elbow, fore([0, -0.24, 0]));
  const long = person.longSleeves === true;
  const [upperArm, forearm] = [partsOf('upper arm'), partsOf('forearm')];
  upperArm(shoulder, elbow, 0.053, 0.041, long ? person.shirt : person.skin);
  upperArm(shoulder, sleeve, 0.066, 0.057, person.shirt);
  forearm(elbow, wrist, long ? 0.046 : 0.042, long ? 0.037 : 0.031, long ? person.shirt : person.skin);
  forearm(wrist, add(wrist, fore([0, -0.085, 0.01])), 0.033, 0.038, person.skin);
}

/** @returns Where the ankle is. */
function addLeg(partsOf: PartsOf, person: Person, leg: Leg, side: number, hips: Turn): Vector {
  const thigh = compose(hips, turnX(leg.swing), turnZ(side * leg.spread));
  const shin = compose(thigh, turnX(-leg.bend));
  const foot = compose(shin, turnX(leg.flex));
  const length = person.legs ?? 1;
  const hip = hips([side * 0.095, -0.05, 0]);
  const knee = add(hip, thigh([0, -0.43 * length, 0]));
  const ankle = add(knee, shin([0, -0.41 * length, 0]));
  const heel = add(ankle, foot([0, -0.025, -0.03]));
  const lowerLeg = partsOf('lower leg');
  partsOf('thigh')(hip, knee, 0.102, 0.068, person.trousers);
  lowerLeg(knee, ankle, 0.068, 0.05, person.shorts === true ? person.skin : person.trousers);
  lowerLeg(ankle, heel, 0.045, 0.048, person.shoes);
  lowerLeg(heel, add(ankle, foot([0, -0.035, 0.15])), 0.048, 0.038, person.shoes);
  return ankle;
}
