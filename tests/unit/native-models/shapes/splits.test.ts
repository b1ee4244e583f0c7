import { expect, test } from 'vitest';
import { splitRanges } from '#native-models/motions/splits.ts';
import { shapeClasses } from '#native-models/shapes/classes.ts';
import { imageLabel, shapeRanges, shapeSplits } from '#native-models/shapes/splits.ts';

test.each(shapeSplits)('every %s class comes equally often in any whole number of rounds', (split) => {
  const counts = new Array(shapeClasses.length).fill(0);
  for (let index = 0; index < 40 * shapeClasses.length; index++) counts[imageLabel(split, index)]++;
  expect(new Set(counts)).toEqual(new Set([40]));
});

test('the order of the classes cannot be guessed from the index', () => {
  const rounds = Array.from({ length: 50 }, (_, round) =>
    shapeClasses.map((_, i) => imageLabel('train', round * shapeClasses.length + i)).join(),
  );
  expect(new Set(rounds).size).toBe(50);
});

test('no two splits, of Shapes or of Motions, have a background in common', () => {
  const first = [...Object.values(shapeRanges), ...Object.values(splitRanges)].map((split) => split.firstBackground);
  first.sort((a, b) => a - b);
  for (const [i, seed] of first.slice(1).entries()) expect(seed - first[i]!).toBeGreaterThanOrEqual(2 ** 28);
  // Seeds are told apart by 32 bits.
  expect(first.at(-1)! + 2 ** 28).toBeLessThan(2 ** 31);
});

test('validation and test draw from the inside of what training sees, each from ranges of its own', () => {
  for (const name of ['area', 'turn', 'stretch', 'shear'] as const) {
    const [low, high] = shapeRanges.train[name];
    for (const split of ['val', 'test'] as const) {
      expect(shapeRanges[split][name][0]).toBeGreaterThan(low);
      expect(shapeRanges[split][name][1]).toBeLessThan(high);
    }
  }
  expect(shapeRanges.val).not.toEqual(shapeRanges.test);
});
