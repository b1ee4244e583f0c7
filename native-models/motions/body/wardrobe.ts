import { randomColour } from '../colour.ts';
import { Random } from '../random.ts';
import type { Person } from './figure.ts';

/** Keeps the streams of identities apart from those of clips. */
const wardrobeStream = 0x1d;

/** The person with number `identity`: always the same build, hair and clothes. */
export function personOf(identity: number): Person {
  const random = new Random(wardrobeStream, identity);
  const tone = random.next();
  const skin = [250 - 165 * tone, 214 - 160 * tone, 190 - 155 * tone] as const;
  const grey = random.between([15, 70]);
  return {
    size: random.between([0.9, 1.1]),
    girth: random.between([0.88, 1.22]),
    legs: random.between([0.93, 1.07]),
    skin,
    hair: random.chance(0.2) ? randomColour(random, [0.1, 0.6], [0.4, 0.9]) : [grey * 1.3, grey, grey * 0.8],
    longHair: random.chance(0.4),
    shirt: randomColour(random, [0, 0.9], [0.2, 1]),
    longSleeves: random.chance(0.5),
    trousers: randomColour(random, [0, 0.75], [0.12, 0.85]),
    shorts: random.chance(0.3),
    shoes: randomColour(random, [0, 0.6], [0.1, 1]),
  };
}
