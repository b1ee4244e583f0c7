import { UsageError } from '#contract/errors.ts';
import {
  type AttentionType,
  architectureSchema,
  type Selection,
  type TimesformerConfig,
} from '#native-models/bundle/manifest.ts';
import { defaultPreprocessing } from '#native-models/bundle/preparation.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
import { sceneFrames } from '#native-models/motions/scene/clock.ts';
import type { MotionSplit } from '#native-models/motions/splits.ts';
import type { MotionBatchSettings } from '#native-models/training/motion-batch.ts';
import type { RewardShape } from '#native-models/training/reward.ts';
import type { Phase } from '#native-models/training/train-phases.ts';
import type { TrainingSettings } from '#native-models/training/training-settings.ts';

/** All that decides how a training comes out, but for its length. */
export type Recipe = {
  readonly attention: AttentionType;
  /** Pixels of a side. */
  readonly size: number;
  readonly patch: number;
  readonly frames: number;
  readonly dim: number;
  readonly blocks: number;
  readonly heads: number;
  readonly batch: number;
  /** Different training clips. */
  readonly clips: number;
  /** How often the policy and the fine-tune phase take turns. */
  readonly rounds: number;
  readonly learningRate: number;
  readonly policyLearningRate: number;
  readonly fineTuneLearningRate: number;
  readonly reward: RewardShape;
  readonly tau: number;
  readonly labelSmoothing: number;
  readonly foregroundWeight: number;
  readonly seed: number;
};

/** Heads of the interpreter, as in the paper where the width allows it. */
const INTERPRETER_HEADS = 6;

/**
 * Refuses what no bundle could be made of: better now than after hours.
 *
 * @throws UsageError saying what does not fit.
 */
export function checkRecipe(recipe: Recipe): void {
  const { error } = architectureSchema.safeParse(configOf(recipe));
  const fault =
    error?.issues[0]?.message ?? (sceneFrames % recipe.frames === 0 ? null : `frames must divide ${sceneFrames}`);
  if (fault === null) return;
  throw new UsageError(`There is no such model: ${fault}.`, {
    hint: 'Run with --help to see the sizes and what they are by default.',
  });
}

export function configOf({ attention, size, patch, frames, dim, blocks, heads }: Recipe): TimesformerConfig {
  return {
    kind: 'timesformer',
    attention,
    numFrames: frames,
    imageSize: size,
    patchSize: patch,
    dim,
    depth: blocks,
    heads,
    mlpDim: 4 * dim,
    classes: motionClasses.length,
    layerNormEps: 1e-6,
  };
}

export function selectionOf({ dim, heads, blocks }: Recipe): Selection {
  return {
    heads: dim % INTERPRETER_HEADS === 0 ? INTERPRETER_HEADS : heads,
    threshold: 0.5,
    groups: [{ firstBlock: 0, blocks }],
  };
}

/** Clips of `split`; those of another `stage` come in another order. */
export function clipsOf(recipe: Recipe, split: MotionSplit, clips: number, stage: number): MotionBatchSettings {
  return {
    split,
    clips,
    batchSize: recipe.batch,
    frames: recipe.frames,
    size: recipe.size,
    patchSize: recipe.patch,
    preprocessing: defaultPreprocessing(configOf(recipe)),
    seed: recipe.seed + stage,
  };
}

/** Shares of all steps; a policy step costs less than a backbone step, and a fine-tune step about as much more. */
const SHARES = { backbone: 0.7, policy: 0.15, fineTune: 0.15 } as const;

export function backboneTraining(recipe: Recipe, steps: number): TrainingSettings {
  return adamW(recipe, recipe.learningRate, Math.max(1, Math.round(SHARES.backbone * steps)), 0.05);
}

/** Policy and fine-tune phase in turns: the interpreter learns what the backbone needs, and the backbone to do with it. */
export function selectionPhases(recipe: Recipe, steps: number): readonly Phase[] {
  const { rounds, reward, tau, labelSmoothing } = recipe;
  const stepsOf = (share: number) => Math.max(1, Math.round((share * steps) / rounds));
  return Array.from({ length: rounds }, (): readonly Phase[] => [
    {
      kind: 'policy',
      reward: { shape: reward, tau },
      explorationBound: null,
      entropyBonus: 0,
      training: adamW(recipe, recipe.policyLearningRate, stepsOf(SHARES.policy), 0),
    },
    {
      kind: 'fine-tune',
      tokens: 'interpreter',
      trained: 'blocks',
      labelSmoothing,
      training: adamW(recipe, recipe.fineTuneLearningRate, stepsOf(SHARES.fineTune), 0.05),
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
      warmUpSteps: Math.min(500, Math.floor(steps / 20)),
    },
    clipNorm: 1,
    seed,
  };
}
