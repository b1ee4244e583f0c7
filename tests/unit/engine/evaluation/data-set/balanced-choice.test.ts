import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { balancedChoice } from '#engine/evaluation/data-set/balanced-choice.ts';

const items = (sizes: readonly number[]) =>
  sizes.flatMap((size, label) => Array.from({ length: size }, (_, number) => ({ label, number })));

describe('a choice of some videos', () => {
  const sizes = fc.array(fc.nat(12), { minLength: 1, maxLength: 6 });

  test('has as many as asked for, in their order, as even over the classes as they allow', () => {
    fc.assert(
      fc.property(sizes, fc.nat(80), fc.nat(), (counts, wanted, seed) => {
        const all = items(counts);
        const chosen = balancedChoice(all, wanted, seed);
        expect(chosen).toHaveLength(Math.min(wanted, all.length));
        expect(chosen).toEqual(all.filter((item) => chosen.includes(item)));
        const perClass = counts.map((_, label) => chosen.filter((item) => item.label === label).length);
        const most = Math.max(...perClass);
        for (const [label, count] of perClass.entries())
          expect(count).toBeGreaterThanOrEqual(Math.min(most - 1, counts[label]!));
      }),
    );
  });

  test('is the same for the same seed, and part of every larger choice', () => {
    fc.assert(
      fc.property(sizes, fc.nat(40), fc.nat(), (counts, wanted, seed) => {
        const all = items(counts);
        const chosen = balancedChoice(all, wanted, seed);
        expect(balancedChoice(all, wanted, seed)).toEqual(chosen);
        expect(balancedChoice(all, wanted + 1, seed)).toEqual(expect.arrayContaining([...chosen]));
      }),
    );
  });

  test('differs with the seed', () => {
    const all = items([50, 50]);
    expect(balancedChoice(all, 10, 1)).not.toEqual(balancedChoice(all, 10, 2));
  });
});
