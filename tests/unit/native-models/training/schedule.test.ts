import { describe, expect, it } from 'vitest';
import { learningRateAt } from '#native-models/training/schedule.ts';

const SCHEDULE = { peakLearningRate: 8, finalLearningRate: 2, warmUpSteps: 4 };

describe('the learning rate', () => {
  it('rises in a straight line to its peak', () => {
    expect([0, 1, 2, 3].map((step) => learningRateAt(SCHEDULE, step, 104))).toEqual([2, 4, 6, 8]);
  });

  it('falls along half a cosine: slowly, fast in the middle, slowly', () => {
    const at = (share: number) => learningRateAt(SCHEDULE, 4 + 100 * share, 104);
    expect(at(0)).toBe(8);
    expect(at(1 / 3)).toBeCloseTo(2 + 6 * 0.75, 1);
    expect(at(0.5)).toBeCloseTo(5, 12);
    expect(at(0.25)).toBeCloseTo(2 + 3 * (1 + Math.SQRT1_2), 12);
    expect(at(1)).toBeCloseTo(2, 12);
  });

  it('begins at its peak without a warm-up', () => {
    expect(learningRateAt({ ...SCHEDULE, warmUpSteps: 0 }, 0, 10)).toBe(8);
  });

  it('never leaves the range from its end to its peak when the warm-up is all there is', () => {
    const rates = Array.from({ length: 6 }, (_, step) => learningRateAt(SCHEDULE, step, 4));
    expect(rates).toEqual([2, 4, 6, 8, 8, 2]);
  });
});
