import { figureParts, type Person, type Place } from '#native-models/motions/body/figure.ts';
import { type Action, jumpingJacks, walking, walkingSpeed, waving } from './actions.ts';
import { colour, format, type Sample, type Scene } from './scene.ts';

interface Actor {
  readonly person: Person;
  readonly action: Action;
  place(seconds: number): Place;
}

const standing = (x: number, z: number, heading: number) => () => ({ x, z, heading });

/** To the right in front of the others, out of the picture, and back to the left behind them. */
function thereAndBack(seconds: number): Place {
  const back = 5.2;
  return seconds < back
    ? { x: -2.3 + walkingSpeed * seconds, z: -0.75, heading: Math.PI / 2 }
    : { x: 3.3 - walkingSpeed * (seconds - back), z: 1.55, heading: -Math.PI / 2 };
}

const actors: readonly Actor[] = [
  {
    person: {
      size: 1.02,
      skin: colour(0xc98d68),
      hair: colour(0x3a2a22),
      longHair: false,
      shirt: colour(0xd86a4b),
      trousers: colour(0x37435c),
      shoes: colour(0xe8e4dc),
    },
    action: waving,
    place: standing(-1.08, 0.35, Math.PI - 0.25),
  },
  {
    person: {
      size: 0.97,
      skin: colour(0x8a5a3c),
      hair: colour(0x1d1917),
      longHair: false,
      shirt: colour(0xe7b749),
      trousers: colour(0x4e5a53),
      shoes: colour(0x2c2f36),
    },
    action: jumpingJacks,
    place: standing(1.0, 0.5, Math.PI + 0.22),
  },
  {
    person: {
      size: 0.95,
      skin: colour(0xe3b594),
      hair: colour(0x6d3f22),
      longHair: true,
      shirt: colour(0x3f8f8a),
      trousers: colour(0xb9a88c),
      shoes: colour(0x7a4632),
    },
    action: walking,
    place: thereAndBack,
  },
];

/** The scene of frame `index`. */
function sceneAt(index: number): Scene {
  const seconds = index / format.framesPerSecond;
  const drift = Math.sin((2 * Math.PI * seconds) / 11);
  return {
    camera: {
      eye: [0.22 * drift, 1.38 + 0.03 * Math.sin(0.9 * seconds), -4.7],
      yaw: -0.04 * drift,
      pitch: 0.1,
      focal: 1.72,
    },
    figures: actors.map(({ person, action, place }) => figureParts(person, action(seconds), place(seconds))),
  };
}

/** Three people who do different things at once, for ten seconds. */
export const movingFigures: Sample = { name: 'moving-figures', frames: 300, at: sceneAt };
