import { describe, expect, it } from 'vitest';
import { chooseThreshold, LOWER_THRESHOLDS } from '../../../build/training/choose-threshold.ts';

const validation = (accuracy: number) => ({ clips: 1000, fullAccuracy: 0.95, accuracy, keepRatio: 0.4 });
const trained = { threshold: 0.5, validation: validation(0.94) };

describe('the threshold of a trained model', () => {
  it('stays where little is lost, and nothing more is judged', async () => {
    const chosen = await chooseThreshold(trained, 0.02, () => {
      throw new Error('Nobody asked.');
    });
    expect(chosen).toBe(trained);
  });

  it('is lowered just as far as it must be', async () => {
    const judged: number[] = [];
    const chosen = await chooseThreshold(trained, 0.006, async (threshold) => {
      judged.push(threshold);
      return validation(threshold > 0.4 ? 0.942 : 0.945);
    });
    expect(chosen).toEqual({ threshold: 0.4, validation: validation(0.945) });
    expect(judged).toEqual([0.45, 0.4]);
  });

  it('stays where even the lowest loses too much', async () => {
    const judged: number[] = [];
    const chosen = await chooseThreshold(trained, 0.006, async (threshold) => {
      judged.push(threshold);
      return validation(0.9);
    });
    expect(chosen).toBe(trained);
    expect(judged).toEqual([...LOWER_THRESHOLDS]);
  });
});
