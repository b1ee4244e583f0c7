import type { Phase } from '#native-models/training/train-phases.ts';
import type { TrainingSettings } from '#native-models/training/training-settings.ts';
import type { Recipe } from './recipe.ts';
import { stepShares, stepsOf } from './step-shares.ts';

/** Policy and fine-tune phase in turns: the interpreter learns what the backbone needs, and the backbone to do with it. */
export function selectionPhases(recipe: Recipe, steps: number): readonly Phase[] {
  const { rounds, estimator, reward, tau, labelSmoothing } = recipe;
  const { policy, fineTune } = stepShares(recipe);
  return Array.from({ length: rounds }, (): readonly Phase[] => [
    {
      kind: 'policy',
      estimator: estimator === 'gumbel' ? { kind: 'gumbel', temperature: 1 } : { kind: 'reinforce' },
      reward: { shape: reward, tau },
      explorationBound: null,
      entropyBonus: 0,
      training: adamW(recipe, recipe.policyLearningRate, stepsOf(policy, steps), 0),
    },
    {
      kind: 'fine-tune',
      tokens: 'either',
      trained: 'blocks',
      labelSmoothing,
      training: adamW(recipe, recipe.fineTuneLearningRate, stepsOf(fineTune, steps), 0.05),
    },
  ]).flat();
}

function adamW({ seed }: Recipe, peakLearningRate: number, steps: number, weightDecay: number): TrainingSettings {
  return {
    steps,
    microBatches: 1,
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay },
    schedule: {
      peakLearningRate,
      finalLearningRate: peakLearningRate / 100,
      warmUpSteps: Math.min(200, Math.floor(steps / 20)),
    },
    clipNorm: 1,
    seed,
  };
}
