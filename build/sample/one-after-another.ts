import type { Action } from '#native-models/motions/actions/action.ts';
import { choreographies } from '#native-models/motions/actions/choreographies.ts';
import { ease, mix, throughPoses } from '#native-models/motions/actions/timing.ts';
import { figureParts, type Person, type Pose } from '#native-models/motions/body/figure.ts';
import type { MotionClass } from '#native-models/motions/classes.ts';
import { Random } from '#native-models/motions/random.ts';
import { framesPerSecond, sceneFrames, sceneSeconds } from '#native-models/motions/scene/clock.ts';
import { colour, type Sample, type Scene } from './scene.ts';

/** What is done, and where the figure looks then, radians; each takes as long as a clip. */
const acts: readonly (readonly [MotionClass, number])[] = [
  ['walk', Math.PI / 2],
  ['wave', Math.PI - 0.5],
  ['jumping jack', Math.PI + 0.55],
  ['squat', Math.PI - 0.95],
  ['kick', Math.PI - 1.1],
  ['sit down', Math.PI + 0.9],
];

const person: Person = {
  size: 1,
  skin: colour(0xb9805a),
  hair: colour(0x2a211d),
  longHair: false,
  shirt: colour(0xd9a441),
  trousers: colour(0x34506b),
  shoes: colour(0xe9e5dd),
};

/** Where the walk begins: it ends near the middle. */
const start = -2.35;
/** Frames in which one act becomes the next. */
const blend = 8;

const actions: readonly Action[] = acts.map(([name], i) =>
  choreographies[name]({ tempo: 1, amplitude: 1, phase: 0.3, seconds: sceneSeconds, random: new Random(1, i) }),
);

/** Metres to the right that the figure has come before act `number`. */
function cameTo(number: number): number {
  return acts.slice(0, number).reduce((x, [, heading], i) => x + goneIn(i, sceneSeconds) * Math.sin(heading), start);
}

const goneIn = (act: number, seconds: number): number => actions[act]?.(seconds).ahead ?? 0;

function sceneAt(index: number): Scene {
  const number = Math.min(acts.length - 1, Math.floor(index / sceneFrames));
  const frame = index - number * sceneFrames;
  const seconds = frame / framesPerSecond;
  const [, heading = 0] = acts[number] ?? [];
  const place = { x: cameTo(number) + goneIn(number, seconds) * Math.sin(heading), z: 0, heading };
  const begun = number === 0 ? 1 : ease(frame, 0, blend);
  const before = Math.max(0, number - 1);
  const [, headingBefore = heading] = acts[before] ?? [];
  const figure = figureParts(person, poseBetween(before, number, seconds, begun), {
    ...place,
    heading: mix(headingBefore, heading, begun),
  });
  const drift = Math.sin((2 * Math.PI * index) / 400);
  return {
    camera: { eye: [0.1 * drift, 1.3, -4.3], yaw: -0.02 * drift, pitch: 0.08, focal: 1.72 },
    figures: [figure],
  };
}

function poseBetween(before: number, now: number, seconds: number, begun: number): Pose {
  const pose = (act: number, at: number): Pose => {
    const moment = actions[act]?.(at);
    if (moment === undefined) throw new RangeError(`There is no act ${act}.`);
    return moment.pose;
  };
  if (begun >= 1) return pose(now, seconds);
  const keys = [
    { at: 0, pose: pose(before, sceneSeconds + seconds) },
    { at: 1, pose: pose(now, seconds) },
  ];
  return throughPoses(keys, begun);
}

/** One person who does one thing after another, each as long as a clip of the model that comes with Patchlight. */
export const oneAfterAnother: Sample = {
  name: 'one-after-another',
  frames: acts.length * sceneFrames,
  at: sceneAt,
};

/** What is done in each clip. */
export const doneInClips: readonly MotionClass[] = acts.map(([name]) => name);
