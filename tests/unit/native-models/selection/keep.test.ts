import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { keepTokens } from '#native-models/selection/keep.ts';

const scores = Float32Array.of(0.5, 0.9, 0.1, 0.5, 0.7);

describe('a threshold', () => {
  test('keeps what scores above it, not what scores the same', () => {
    expect([...keepTokens(scores, { kind: 'threshold', threshold: 0.5 }).kept]).toEqual([1, 4]);
  });

  test('can keep everything and nothing', () => {
    expect(keepTokens(scores, { kind: 'threshold', threshold: 0 }).kept).toHaveLength(5);
    expect(keepTokens(scores, { kind: 'threshold', threshold: 1 }).kept).toHaveLength(0);
  });

  test('never drops a token that always stays', () => {
    const { kept } = keepTokens(scores, { kind: 'threshold', threshold: 0.8 }, (token) => token === 2);
    expect([...kept]).toEqual([1, 2]);
  });
});

describe('a keep ratio', () => {
  test('keeps the best, in the order of the tokens', () => {
    expect([...keepTokens(scores, { kind: 'keep', ratio: 0.4 }).kept]).toEqual([1, 4]);
  });

  test('prefers the earlier of two equal scores', () => {
    expect([...keepTokens(scores, { kind: 'keep', ratio: 0.6 }).kept]).toEqual([0, 1, 4]);
  });

  test('counts tokens that always stay, and keeps all of them even when they are more', () => {
    const always = (token: number) => token < 3;
    expect([...keepTokens(scores, { kind: 'keep', ratio: 0.8 }, always).kept]).toEqual([0, 1, 2, 4]);
    expect([...keepTokens(scores, { kind: 'keep', ratio: 0.2 }, always).kept]).toEqual([0, 1, 2]);
  });

  test('keeps the rounded share, sorted, and nothing that scores less than what it drops', () => {
    const many = fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(many, fc.double({ min: 0, max: 1, noNaN: true }), (numbers, ratio) => {
        const all = Float32Array.from(numbers);
        const { kept } = keepTokens(all, { kind: 'keep', ratio });
        expect(kept).toHaveLength(Math.round(ratio * all.length));
        expect([...kept]).toEqual([...new Set(kept)].sort((a, b) => a - b));
        const chosen = new Set(kept);
        const least = Math.min(...[...chosen].map((token) => all[token]!));
        for (const [token, score] of all.entries()) if (!chosen.has(token)) expect(score).toBeLessThanOrEqual(least);
      }),
    );
  });
});
