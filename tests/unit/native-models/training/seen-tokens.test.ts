import { describe, expect, it } from 'vitest';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { drawSeenTokens } from '#native-models/training/seen-tokens.ts';

const tokenCount = 40;

/** Clips whose first ten tokens show a figure. */
function draw(clips: number, seen: number, figureOdds: number, seed = 1) {
  const foreground = Float32Array.from({ length: clips * tokenCount }, (_, i) => (i % tokenCount < 10 ? 0.3 : 0));
  const drawn = drawSeenTokens(RandomStream.seeded(seed), { foreground, tokenCount, seen, figureOdds });
  return Array.from({ length: clips }, (_, clip) => [...drawn.subarray(clip * seen, (clip + 1) * seen)]);
}

describe('the tokens that a step shows', () => {
  it('are as many of each clip, none twice, in order', () => {
    for (const tokens of draw(50, 12, 20)) {
      expect(new Set(tokens).size).toBe(12);
      expect(tokens).toEqual(tokens.toSorted((a, b) => a - b));
      expect(tokens.every((token) => token >= 0 && token < tokenCount)).toBe(true);
    }
    expect(draw(1, tokenCount, 3)[0]).toEqual(Array.from({ length: tokenCount }, (_, token) => token));
  });

  it('show the figure as often as its odds say', () => {
    const shareOfFirst = (odds: number) => {
      const first = draw(4000, 1, odds).flat();
      return first.filter((token) => token < 10).length / first.length;
    };
    // One draw: ten tokens of weight `odds` against thirty of weight one. Three standard errors.
    for (const odds of [1, 3, 20]) {
      const expected = (10 * odds) / (10 * odds + 30);
      const error = Math.sqrt((expected * (1 - expected)) / 4000);
      expect(Math.abs(shareOfFirst(odds) - expected), `${odds}`).toBeLessThan(3 * error);
    }
  });

  it('are others each time, and the same for the same seed', () => {
    const [a, b] = draw(2, 12, 3);
    expect(a).not.toEqual(b);
    expect(draw(2, 12, 3)).toEqual([a, b]);
    expect(draw(2, 12, 3, 2)).not.toEqual([a, b]);
  });
});
