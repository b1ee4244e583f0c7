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
import type { MotionBatchSettings } from '#native-models/training/motion-batch.ts';
import type { RewardShape } from '#native-models/training/reward.ts';
import { STAGES } from './backbone-stages.ts';

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
