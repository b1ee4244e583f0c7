import type { InterpreterKind } from '#native-models/bundle/manifest.ts';
import type { EstimatorSettings } from '#native-models/training/policy-estimator.ts';
import type { Reward } from '#native-models/training/reward.ts';
import type { Phase } from '#native-models/training/train-phases.ts';
import type { TrainingSettings } from '#native-models/training/training-settings.ts';

/** How selection is fitted to a model: all that decides about the result, but for the data and the model. */
export type TrainingRecipe = {
  readonly pseudoLabels: boolean;
  /** Of all rounds together. */
  readonly policySteps: number;
  readonly fineTuneSteps: number;
  /** How often the policy and the fine-tune phase take turns. */
  readonly rounds: number;
  /** Clips that are computed at once. */
  readonly batch: number;
  /** So many batches make a step. */
  readonly accumulate: number;
  /** How the interpreter's gradient is estimated. */
  readonly estimator: EstimatorSettings['kind'];
  readonly interpreter: InterpreterKind;
  readonly reward: Reward['shape'];
  readonly tau: number;
  readonly threshold: number;
  /** Share of training clips on which the kept patches are to give the full model's answer; null leaves the threshold. */
  readonly agreement: number | null;
  /** Null for the paper's draws. */
  readonly exploration: number | null;
  readonly entropy: number;
  readonly learningRate: number;
  readonly fineTuneLearningRate: number;
  readonly flip: boolean;
  /** Share of the videos that judge the result. */
  readonly heldOut: number;
  readonly seed: number;
};

/** Warm-up is this share of a phase. */
const WARM_UP = 1 / 20;
const MOST_WARM_UP_STEPS = 500;

/** Policy and fine-tune phase in turns (IA-RED², algorithm 1, with D = 1); a phase without steps is left out. */
export function phasesOf(recipe: TrainingRecipe): readonly Phase[] {
  const { policySteps, fineTuneSteps, rounds, estimator, reward, tau, exploration, entropy } = recipe;
  return Array.from({ length: rounds }, (_, round): readonly Phase[] => [
    {
      kind: 'policy',
      estimator: estimator === 'gumbel' ? { kind: 'gumbel', temperature: 1 } : { kind: 'reinforce' },
      reward: { shape: reward, tau },
      explorationBound: exploration,
      entropyBonus: entropy,
      training: adamW(recipe, recipe.learningRate, stepsOfRound(policySteps, rounds, round), 0),
    },
    {
      kind: 'fine-tune',
      tokens: 'interpreter',
      trained: 'blocks',
      labelSmoothing: 0,
      training: adamW(recipe, recipe.fineTuneLearningRate, stepsOfRound(fineTuneSteps, rounds, round), 0.05),
    },
  ])
    .flat()
    .filter(({ training }) => training.steps > 0);
}

/** As even over the rounds as whole numbers are. */
function stepsOfRound(steps: number, rounds: number, round: number): number {
  return Math.floor(((round + 1) * steps) / rounds) - Math.floor((round * steps) / rounds);
}

function adamW(
  { accumulate, seed }: TrainingRecipe,
  peakLearningRate: number,
  steps: number,
  weightDecay: number,
): TrainingSettings {
  return {
    steps,
    microBatches: accumulate,
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay },
    schedule: {
      peakLearningRate,
      finalLearningRate: peakLearningRate / 100,
      warmUpSteps: Math.min(MOST_WARM_UP_STEPS, Math.floor(WARM_UP * steps)),
    },
    clipNorm: 1,
    seed,
  };
}
