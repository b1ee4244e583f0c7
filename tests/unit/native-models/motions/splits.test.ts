import { expect, test } from 'vitest';
import { motionClasses } from '../../../../native-models/motions/classes.ts';
import { sceneOf } from '../../../../native-models/motions/scene/scene.ts';
import { clipLabel, motionSplits, splitRanges } from '../../../../native-models/motions/splits.ts';

test.each(motionSplits)('every %s class comes equally often in any whole number of rounds', (split) => {
  const counts = new Array(motionClasses.length).fill(0);
  for (let index = 0; index < 40 * motionClasses.length; index++) counts[clipLabel(split, index)]++;
  expect(new Set(counts)).toEqual(new Set([40]));
});

test('the order of the classes cannot be guessed from the index', () => {
  const rounds = Array.from({ length: 50 }, (_, round) =>
    motionClasses.map((_, i) => clipLabel('train', round * motionClasses.length + i)).join(),
  );
  expect(new Set(rounds).size).toBe(50);
});

test('no two splits share a person or a background', () => {
  const seen = motionSplits.map((split) => {
    const scenes = Array.from({ length: 300 }, (_, index) => sceneOf(split, index));
    return {
      people: new Set(scenes.map((scene) => scene.performance.identity)),
      backgrounds: new Set(scenes.map((scene) => scene.background.seed)),
    };
  });
  for (const [i, a] of seen.entries()) {
    expect(a.people.size).toBeGreaterThan(100);
    expect(a.backgrounds.size).toBe(300);
    for (const b of seen.slice(i + 1)) {
      expect(a.people.isDisjointFrom(b.people)).toBe(true);
      expect(a.backgrounds.isDisjointFrom(b.backgrounds)).toBe(true);
    }
  }
});

test('the reserved identities and backgrounds of the splits never meet, at any index', () => {
  const spans = motionSplits.map((split) => {
    const { identities, firstBackground } = splitRanges[split];
    return [identities.first, identities.first + identities.count, firstBackground, firstBackground + 2 ** 28] as const;
  });
  for (const [i, a] of spans.entries()) {
    for (const b of spans.slice(i + 1)) {
      expect(a[1] <= b[0] || b[1] <= a[0]).toBe(true);
      expect(a[3] <= b[2] || b[3] <= a[2]).toBe(true);
    }
  }
});

test('validation and test draw from the inside of what training sees, each from ranges of its own', () => {
  for (const name of ['tempo', 'amplitude', 'area', 'elevation', 'clumsiness'] as const) {
    const [low, high] = splitRanges.train[name];
    for (const split of ['val', 'test'] as const) {
      expect(splitRanges[split][name][0]).toBeGreaterThan(low);
      expect(splitRanges[split][name][1]).toBeLessThan(high);
    }
  }
  expect(splitRanges.val).not.toEqual(splitRanges.test);
});
