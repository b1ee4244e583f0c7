import { interpreterScores } from '../architectures/interpreter.ts';
import type { Value } from '../onnx/graph.ts';
import { reduceMean, scale, subtract } from '../onnx/operators/arithmetic.ts';
import { slice } from '../onnx/operators/shapes.ts';
import type { ClipBatch, ClipSource } from './clip-source.ts';
import type { ParameterSet } from './parameter-set.ts';
import { greedyPolicy, meanOf, outcomesOf, summaryOf } from './policies.ts';
import { boundProbabilities, policyEntropy, policyLoss } from './policy-loss.ts';
import type { RandomStream } from './random-stream.ts';
import { advantageOf, type Reward, rewardOf } from './reward.ts';
import { type LabelSource, labelIdentity, rightAnswers } from './right-answers.ts';
import { INTERPRETER, type SelectingModel } from './selecting-model.ts';
import { StepGraph } from './step-graph.ts';
import { tensorsFingerprint } from './tensors-fingerprint.ts';
import type { StepResult, TrainingTask } from './training-task.ts';

export interface PolicyPhaseOptions {
  readonly model: SelectingModel;
  /** Held fixed: everything but the interpreter. */
  readonly backbone: ParameterSet;
  /** Where the interpreter begins. */
  readonly interpreter: ParameterSet;
  readonly clips: ClipSource;
  readonly labels: LabelSource;
  readonly reward: Reward;
  /** Draws come from `α·p + (1 − α)·(1 − p)`; `null` for the paper's `p`. BlockDrop has 0.8. */
  readonly explorationBound: number | null;
  /** How much a clip's entropy, summed over its tokens, counts; 0 in the paper. */
  readonly entropyBonus: number;
}

/**
 * The policy phase (IA-RED², algorithm 1 and section 3.3): the interpreter learns by REINFORCE which tokens the fixed
 * backbone needs. Each clip is answered twice, with tokens drawn by their scores and with the greedy choice, which is
 * the baseline; the gradient goes through the interpreter alone.
 */
export function policyPhase(options: PolicyPhaseOptions): TrainingTask<ClipBatch> {
  const { model, backbone, interpreter, clips, labels, reward, explorationBound, entropyBonus } = options;
  const { batchSize, tokenCount } = model;
  const bounded = (probability: number) =>
    explorationBound === null
      ? probability
      : explorationBound * probability + (1 - explorationBound) * (1 - probability);
  const graph = policyGraph(options);

  const step = async (
    parameters: ParameterSet,
    batch: ClipBatch,
    random: RandomStream,
    signal?: AbortSignal,
  ): Promise<StepResult> => {
    const all = [backbone, parameters];
    const right = await rightAnswers(model, labels, batch, parameters, signal);
    const { tokens, scores } = await model.look(all, batch.clips, signal);
    const drawn = random.bernoulli(scores.map(bounded));
    const greedy = greedyPolicy(scores, model.selection.threshold);
    const ofDrawn = outcomesOf(drawn, await model.answer(all, tokens, drawn, signal), right);
    const ofGreedy = outcomesOf(greedy, await model.answer(all, tokens, greedy, signal), right);
    const advantages = ofGreedy.map((outcome, clip) => advantageOf(reward, ofDrawn[clip] ?? outcome, outcome));
    const { loss, gradients } = await graph.run(
      [parameters],
      {
        tokens,
        draw: { dtype: 'float32', dims: [batchSize, tokenCount], data: drawn },
        advantage: { dtype: 'float32', dims: [batchSize], data: Float32Array.from(advantages) },
      },
      signal,
    );
    const { keepRatio: drawnKeepRatio, accuracy: drawnAccuracy } = summaryOf(ofDrawn);
    const figures = {
      ...summaryOf(ofGreedy),
      reward: meanOf(ofGreedy.map((outcome) => rewardOf(reward, outcome))),
      drawnKeepRatio,
      drawnAccuracy,
      drawnReward: meanOf(ofDrawn.map((outcome) => rewardOf(reward, outcome))),
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
    },
    initial: interpreter,
    batch: (index) => clips.batch(index),
    step,
  };
}

function policyGraph({ model, interpreter, explorationBound, entropyBonus }: PolicyPhaseOptions): StepGraph {
  const { batchSize, tokenCount, config, selection } = model;
  const computation = model.computation(`policy gradient, bound ${explorationBound}, entropy ${entropyBonus}`);
  return new StepGraph(computation, [...interpreter.shapes.keys()], ({ graph, parameters }) => {
    const tokens = graph.input('tokens', 'float32', [batchSize, 1 + tokenCount, config.dim]);
    const draw = graph.input('draw', 'float32', [batchSize, tokenCount]);
    const advantage = graph.input('advantage', 'float32', [batchSize]);
    const scores = slice(interpreterScores(parameters, tokens, INTERPRETER, selection.heads), 1, 1);
    const probabilities = explorationBound === null ? scores : boundProbabilities(scores, explorationBound);
    const loss: Value<'float32'> = policyLoss(probabilities, draw, advantage);
    if (entropyBonus === 0) return loss;
    return subtract(loss, scale(reduceMean(policyEntropy(probabilities), [0], false), entropyBonus));
  });
}
