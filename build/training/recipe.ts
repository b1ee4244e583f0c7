import { UsageError } from '#contract/errors.ts';
import { architectureSchema } from '#native-models/bundle/manifest.ts';
import type { RewardShape } from '#native-models/training/reward.ts';
import { STAGES } from './backbone-stages.ts';
import type { Course } from './course.ts';

/** What decides how a training comes out, whatever is learnt, but for its length. */
export type Recipe = {
  /** Pixels of a side. */
  readonly size: number;
  readonly patch: number;
  readonly dim: number;
  readonly blocks: number;
  readonly heads: number;
  readonly interpreterHeads: number;
  /** Clips or images of a step. */
  readonly batch: number;
  /** Equal parts of a batch that are computed at the same time. */
  readonly replicas: number;
  /** Different clips or images to learn from. */
  readonly samples: number;
  /** Time of all policy phases together, where the backbone's stages take 0.8; a step shows all tokens. */
  readonly policyTime: number;
  /** The same of all fine-tune phases. */
  readonly fineTuneTime: number;
  /** How likely a fine-tune phase of a model with one group shows a sample with all tokens, and not as it is selected. */
  readonly wholeShare: number;
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
export function checkCourse({ recipe, architecture, fault }: Course): void {
  const { error } = architectureSchema.safeParse(architecture);
  const found =
    error?.issues[0]?.message ??
    fault ??
    (recipe.batch % recipe.replicas === 0 ? null : 'replicas must divide batch') ??
    (recipe.firstStage <= STAGES.length + 1 ? null : `first-stage must be 1 to ${STAGES.length + 1}`) ??
    (recipe.dim % recipe.interpreterHeads === 0 ? null : 'interpreter-heads must divide dim');
  if (found === null) return;
  throw new UsageError(`There is no such model: ${found}.`, {
    hint: 'Run with --help to see the sizes and what they are by default.',
  });
}

/** Clips or images of the part of a batch that one runtime computes. */
export function batchOfReplica({ batch, replicas }: Recipe): number {
  return batch / replicas;
}
