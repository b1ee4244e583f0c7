import type { ClipBatch, ClipSource } from './clip-source.ts';
import { gumbel } from './gumbel.ts';
import type { ParameterSet } from './parameter-set.ts';
import { greedyPolicy, meanOf, outcomesOf, summaryOf } from './policies.ts';
import type { EstimatorSettings, PolicyEstimator } from './policy-estimator.ts';
import type { RandomStream } from './random-stream.ts';
import { reinforce } from './reinforce.ts';
import { type Reward, rewardOf } from './reward.ts';
import { type LabelSource, labelIdentity, rightAnswers } from './right-answers.ts';
import type { SelectingModel } from './selecting-model.ts';
import { tensorsFingerprint } from './tensors-fingerprint.ts';
import type { StepResult, TrainingTask } from './training-task.ts';

export interface PolicyPhaseOptions {
  readonly model: SelectingModel;
  /** Held fixed: everything but the interpreters. */
  readonly backbone: ParameterSet;
  /** Where the interpreters begin, one for each group. */
  readonly interpreter: ParameterSet;
  /**
   * Which interpreter learns, counted from 0, the first when left out. Those before it are held fixed, and the groups after
   * it keep what it keeps.
   */
  readonly group?: number | undefined;
  readonly clips: ClipSource;
  readonly labels: LabelSource;
  readonly reward: Reward;
  /** Draws come from `α·p + (1 − α)·(1 − p)`; `null` for the paper's `p`. BlockDrop has 0.8. */
  readonly explorationBound: number | null;
  /** How much a clip's entropy, summed over its tokens, counts; 0 in the paper. */
  readonly entropyBonus: number;
  /** REINFORCE when left out, as in the paper. */
  readonly estimator?: EstimatorSettings | undefined;
}

/**
 * The policy phase (IA-RED², algorithm 1 and section 3.3): an interpreter learns which tokens the fixed backbone needs.
 * Each clip is answered twice, on tokens drawn by their scores and on the greedy choice, and the reward is for the right
 * answer on few tokens.
 */
export function policyPhase(options: PolicyPhaseOptions): TrainingTask<ClipBatch> {
  const { model, backbone, interpreter, clips, labels, reward, explorationBound, entropyBonus, estimator } = options;
  const { group = 0 } = options;
  const at = model.group(group);
  const initial = interpreter.only((name) => name.startsWith(`interpreter.${group}.`));
  const estimate = estimatorOf(options, group, [...initial.shapes.keys()]);

  const step = async (
    learning: ParameterSet,
    batch: ClipBatch,
    random: RandomStream,
    signal?: AbortSignal,
  ): Promise<StepResult> => {
    const parameters = [backbone, interpreter, learning];
    const right = await rightAnswers(model, labels, batch, interpreter, signal);
    const impression = await at.look(parameters, batch.clips, signal);
    const policy = greedyPolicy(impression.scores, model.selection.threshold);
    const answers = await at.answer(parameters, impression.tokens, policy, signal);
    const greedy = outcomesOf(policy, answers, right);
    const { loss, gradients, drawn } = await estimate({ parameters, impression, right, greedy, random, signal });
    const { keepRatio: drawnKeepRatio, accuracy: drawnAccuracy } = summaryOf(drawn);
    const figures = {
      ...summaryOf(greedy),
      reward: meanOf(greedy.map((outcome) => rewardOf(reward, outcome))),
      drawnKeepRatio,
      drawnAccuracy,
      drawnReward: meanOf(drawn.map((outcome) => rewardOf(reward, outcome))),
    };
    return { loss, gradients, figures };
  };

  return {
    identity: {
      phase: 'policy',
      model: model.identity,
      backbone: tensorsFingerprint(backbone),
      clips: clips.identity,
      labels: labelIdentity(labels),
      reward: { ...reward },
      explorationBound,
      entropyBonus,
      ...(group === 0 ? {} : { group, interpreters: tensorsFingerprint(interpreter) }),
      ...(estimator === undefined || estimator.kind === 'reinforce' ? {} : { estimator: { ...estimator } }),
    },
    initial,
    batch: (index) => clips.batch(index),
    step,
  };
}

function estimatorOf(options: PolicyPhaseOptions, group: number, trained: readonly string[]): PolicyEstimator {
  const { estimator = { kind: 'reinforce' } } = options;
  const common = { ...options, group, trained };
  return estimator.kind === 'reinforce' ? reinforce(common) : gumbel({ ...common, ...estimator });
}
