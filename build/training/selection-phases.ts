import { curriculum, type GroupPhases } from '#native-models/training/curriculum.ts';
import type { Phase } from '#native-models/training/train-phases.ts';
import type { TrainingSettings } from '#native-models/training/training-settings.ts';
import type { Course } from './course.ts';
import type { Recipe } from './recipe.ts';
import { stepShares, stepsOf } from './step-shares.ts';

/** Policy and fine-tune phase in turns: the interpreter learns what the backbone needs, and the backbone to do with it. */
export function selectionPhases(course: Course, steps: number): readonly Phase[] {
  const { recipe, turns, selection } = course;
  const { estimator, reward, tau, labelSmoothing } = recipe;
  const shares = stepShares(course);
  const phases: GroupPhases = {
    policy: {
      estimator: estimator === 'gumbel' ? { kind: 'gumbel', temperature: 1 } : { kind: 'reinforce' },
      reward: { shape: reward, tau },
      explorationBound: null,
      entropyBonus: 0,
      training: adamW(recipe, recipe.policyLearningRate, stepsOf(shares.policy, steps), 0),
    },
    fineTune: {
      trained: 'blocks',
      labelSmoothing,
      training: adamW(recipe, recipe.fineTuneLearningRate, stepsOf(shares.fineTune, steps), 0.05),
    },
  };
  if (selection === null) return [];
  if (turns.kind === 'groups') return curriculum(selection.groups.length, phases);
  return Array.from({ length: turns.count }, (): readonly Phase[] => [
    { kind: 'policy', ...phases.policy },
    { kind: 'fine-tune', tokens: { whole: recipe.wholeShare }, ...phases.fineTune },
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
