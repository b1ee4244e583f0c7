import { describe, expect, it } from 'vitest';
import { otsuThreshold } from '#engine/interpretation/otsu.ts';

describe('Otsu’s threshold', () => {
  it('lies between two groups of numbers, however unequal they are', () => {
    const numbers = Float32Array.from({ length: 500 }, (_, i) => (i < 30 ? 8 + (i % 5) * 0.1 : -2 + (i % 7) * 0.1));
    const threshold = otsuThreshold(numbers);
    expect(threshold).toBeGreaterThanOrEqual(-1.4);
    expect(threshold).toBeLessThan(8);
    expect(numbers.filter((number) => number > threshold)).toHaveLength(30);
  });

  it('is where the variance between the groups is largest, as trying every bin shows', () => {
    const numbers = Float32Array.from({ length: 256 }, (_, i) => Math.round(255 * Math.sin(i / 40) ** 4));
    const between = (threshold: number) => {
      const [low, high] = [numbers.filter((n) => n <= threshold), numbers.filter((n) => n > threshold)];
      if (low.length === 0 || high.length === 0) return 0;
      const mean = (part: Float32Array) => part.reduce((sum, n) => sum + n, 0) / part.length;
      return low.length * high.length * (mean(low) - mean(high)) ** 2;
    };
    const best = Math.max(...Array.from({ length: 255 }, (_, threshold) => between(threshold)));
    expect(between(otsuThreshold(numbers))).toBeCloseTo(best, 0);
  });

  it('takes nothing for foreground where all is the same', () => {
    const numbers = new Float32Array(9).fill(3);
    expect(numbers.some((number) => number > otsuThreshold(numbers))).toBe(false);
  });
});
