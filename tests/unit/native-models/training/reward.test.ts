import { open } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { readTensor } from '#native-models/checkpoints/read-tensor.ts';
import { readSafetensors } from '#native-models/checkpoints/safetensors.ts';
import { advantageOf, rewardOf } from '#native-models/training/reward.ts';

const GOLDEN = new URL('../../../fixtures/goldens/policy-gradient.expected.safetensors', import.meta.url);

async function golden(name: string): Promise<Float32Array> {
  await using file = await open(GOLDEN);
  const { tensors } = await readSafetensors(file);
  return new Float32Array((await readTensor(file, tensors.get(name)!)).buffer);
}

describe('the reward', () => {
  it('of a wrong answer is −tau, however few tokens were kept', () => {
    for (const keepRatio of [0, 0.3, 1]) {
      expect(rewardOf({ shape: 'squared', tau: 1.5 }, { keepRatio, correct: false })).toBe(-1.5);
    }
  });

  it('of a right answer grows from 0 to 1 as fewer are kept', () => {
    const rewards = (shape: 'squared' | 'linear') =>
      [1, 0.5, 0].map((keepRatio) => rewardOf({ shape, tau: 1 }, { keepRatio, correct: true }));
    expect(rewards('squared')).toEqual([0, 0.75, 1]);
    expect(rewards('linear')).toEqual([0, 0.5, 1]);
  });
});

describe('the advantage', () => {
  it.each(
    (['squared', 'linear'] as const).flatMap((shape) => ['0.5', '1.0', '1.5'].map((tau) => [shape, tau] as const)),
  )('is the published one for the %s reward and tau %s', async (shape, tau) => {
    const expected = await golden(`advantage_${shape}_${tau}`);
    const [drawn, greedy] = [await golden('u'), await golden('greedy')];
    const [drawnCorrect, greedyCorrect] = [await golden('correct_u'), await golden('correct_greedy')];
    const tokens = drawn.length / expected.length;
    const outcome = (policy: Float32Array, correct: Float32Array, sample: number) => ({
      keepRatio: policy.subarray(sample * tokens, (sample + 1) * tokens).reduce((a, b) => a + b, 0) / tokens,
      correct: correct[sample] === 1,
    });
    for (const [sample, advantage] of expected.entries()) {
      const reward = { shape, tau: Number(tau) };
      const [ours, baseline] = [outcome(drawn, drawnCorrect, sample), outcome(greedy, greedyCorrect, sample)];
      expect(advantageOf(reward, ours, baseline)).toBeCloseTo(advantage, 6);
    }
  });
});
