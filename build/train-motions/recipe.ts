import { UsageError } from '#contract/errors.ts';
import {
  type AttentionType,
  architectureSchema,
  type InterpreterKind,
  type Selection,
  type TimesformerConfig,
} from '#native-models/bundle/manifest.ts';
import { defaultPreprocessing } from '#native-models/bundle/preparation.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
import { sceneFrames } from '#native-models/motions/scene/clock.ts';
import type { MotionSplit } from '#native-models/motions/splits.ts';
import type { BackboneRecipe } from '#native-models/training/backbone-phase.ts';
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
  readonly interpreter: InterpreterKind;
  readonly interpreterHeads: number;
  /** Clips of a step. */
  readonly batch: number;
  /** Equal parts of a batch that are computed at the same time. */
  readonly replicas: number;
  /** Different training clips. */
  readonly clips: number;
  /** Time of all policy phases together, where the backbone's stages take 0.8; a step shows all tokens. */
  readonly policyTime: number;
  /** The same of all fine-tune phases. */
  readonly fineTuneTime: number;
  /** How often the policy and the fine-tune phase take turns. */
  readonly rounds: number;
  readonly learningRate: number;
  readonly policyLearningRate: number;
  readonly fineTuneLearningRate: number;
  readonly estimator: 'reinforce' | 'gumbel';
  readonly reward: RewardShape;
  readonly tau: number;
  readonly labelSmoothing: number;
  readonly regionWeight: number;
  readonly earlyRegionWeight: number;
  readonly tokenClassWeight: number;
  /** The stage of the backbone that the training begins with, counted from 1; one more than there are begins after it. */
  readonly firstStage: number;
  readonly seed: number;
};

/**
 * Refuses what no bundle could be made of: better now than after hours.
 *
 * @throws UsageError saying what does not fit.
 */
export function checkRecipe(recipe: Recipe): void {
  const { error } = architectureSchema.safeParse(configOf(recipe));
  const fault =
    error?.issues[0]?.message ??
    (sceneFrames % recipe.frames === 0 ? null : `frames must divide ${sceneFrames}`) ??
    (recipe.batch % recipe.replicas === 0 ? null : 'replicas must divide batch') ??
    (recipe.firstStage <= STAGES.length + 1 ? null : `first-stage must be 1 to ${STAGES.length + 1}`) ??
    (recipe.dim % recipe.interpreterHeads === 0 ? null : 'interpreter-heads must divide dim');
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

export function selectionOf({ interpreter, interpreterHeads, blocks }: Recipe): Selection {
  return {
    interpreter,
    heads: interpreterHeads,
    threshold: 0.5,
    groups: [{ firstBlock: 0, blocks }],
  };
}

/** Clips of `split`; those of another `stage` come in another order. */
export function clipsOf(recipe: Recipe, split: MotionSplit, clips: number, stage: number): MotionBatchSettings {
  return {
    split,
    clips,
    batchSize: batchOfReplica(recipe),
    frames: recipe.frames,
    size: recipe.size,
    patchSize: recipe.patch,
    preprocessing: defaultPreprocessing(configOf(recipe)),
    seed: recipe.seed + stage,
  };
}

/** Clips of the part of a batch that one runtime computes. */
export function batchOfReplica({ batch, replicas }: Recipe): number {
  return batch / replicas;
}

/** A part of the training of a backbone. */
export interface BackboneStage {
  readonly name: string;
  /** Share of a clip's tokens that a step shows. */
  readonly seen: number;
  /** How many times likelier a token of the figure is among them than another. */
  readonly figureOdds: number;
  /** How much of the whole training's time it takes, beside the others. */
  readonly time: number;
  /** From where the learning rate falls to where, of the recipe's. */
  readonly rates: readonly [first: number, last: number];
  /** How much the regions of the body count, of what the recipe says. */
  readonly regions: number;
}

/**
 * From easy to hard: mostly the figure; as much of a clip as an interpreter leaves of it, chosen a little better than by
 * chance; all of it. The earlier, the cheaper a step. Once regions are known, classes may decide what is learnt.
 */
const STAGES: readonly BackboneStage[] = [
  { name: '1-figure', seen: 1 / 4, figureOdds: 20, time: 0.15, rates: [1, 1], regions: 1 },
  { name: '2-surroundings', seen: 7 / 16, figureOdds: 3, time: 0.45, rates: [1, 0.1], regions: 0.25 },
  { name: '3-everything', seen: 1, figureOdds: 1, time: 0.2, rates: [0.3, 0.003], regions: 0.25 },
];

/** From `firstStage` on. Only joint attention can be shown a part of the tokens: another sees all of them all the time. */
export function backboneStages({ attention, firstStage }: Recipe): readonly BackboneStage[] {
  if (attention === 'joint_space_time' || firstStage > STAGES.length) return STAGES.slice(firstStage - 1);
  const time = sum(STAGES.map((stage) => stage.time));
  return STAGES.slice(-1).map((stage) => ({ ...stage, time, rates: [1, 0.01], regions: 1 }));
}

/** How the steps of a training are shared out: by time, where a step takes as long as it shows tokens. */
export interface StepShares {
  /** For each of {@link backboneStages}. */
  readonly backbone: readonly number[];
  /** Of each policy phase. */
  readonly policy: number;
  /** Of each fine-tune phase. */
  readonly fineTune: number;
  /** How long a step takes in the mean, where one that shows all tokens takes 1. */
  readonly meanCost: number;
}

/** Shares of all steps. */
export function stepShares(recipe: Recipe): StepShares {
  const stages = backboneStages(recipe);
  const { rounds, policyTime, fineTuneTime } = recipe;
  const perTime = sum(stages.map(({ time, seen }) => time / seen)) + policyTime + fineTuneTime;
  return {
    backbone: stages.map(({ time, seen }) => time / seen / perTime),
    policy: policyTime / rounds / perTime,
    fineTune: fineTuneTime / rounds / perTime,
    meanCost: (sum(stages.map(({ time }) => time)) + policyTime + fineTuneTime) / perTime,
  };
}

/** How the backbone of `recipe` is taught in `stage`; `tokenCount` are the tokens of a clip. */
export function backboneRecipe(
  { labelSmoothing, tokenClassWeight, ...recipe }: Recipe,
  { seen, figureOdds, regions }: BackboneStage,
  tokenCount: number,
): BackboneRecipe {
  const [regionWeight, earlyRegionWeight] = [regions * recipe.regionWeight, regions * recipe.earlyRegionWeight];
  const seenTokens = seen === 1 ? null : Math.max(1, Math.round(seen * tokenCount));
  return { labelSmoothing, regionWeight, earlyRegionWeight, tokenClassWeight, seenTokens, figureOdds };
}

export function backboneTraining(
  { learningRate, seed }: Recipe,
  { rates: [first, last] }: BackboneStage,
  steps: number,
): TrainingSettings {
  return {
    steps,
    microBatches: 1,
    optimizer: { kind: 'muon', momentum: 0.95, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 },
    schedule: {
      peakLearningRate: first * learningRate,
      finalLearningRate: last * learningRate,
      warmUpSteps: Math.min(200, Math.floor(steps / 20)),
    },
    clipNorm: 1,
    seed,
  };
}

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

/** `share` of `steps`, one at least. */
export function stepsOf(share: number, steps: number): number {
  return Math.max(1, Math.round(share * steps));
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

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
