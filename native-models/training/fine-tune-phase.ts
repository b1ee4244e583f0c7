import { stemTokens } from '../architectures/timesformer/stem.ts';
import { denseTrunk } from '../architectures/timesformer/trunk.ts';
import type { ClipBatch, ClipSource } from './clip-source.ts';
import { crossEntropy } from './losses.ts';
import type { ParameterSet } from './parameter-set.ts';
import { greedyPolicy, outcomesOf, type Policy, summaryOf } from './policies.ts';
import type { RandomStream } from './random-stream.ts';
import { type LabelSource, labelIdentity, rightAnswers } from './right-answers.ts';
import { largestOfRows, type SelectingModel } from './selecting-model.ts';
import { StepGraph } from './step-graph.ts';
import { tensorsFingerprint } from './tensors-fingerprint.ts';
import type { StepResult, TrainingTask } from './training-task.ts';

export interface FineTunePhaseOptions {
  readonly model: SelectingModel;
  /** Where the backbone begins. */
  readonly backbone: ParameterSet;
  /** Held fixed; it says which tokens are seen. */
  readonly interpreter: ParameterSet;
  /** `interpreter`: the tokens above its threshold. `everything`: the full model is trained. */
  readonly tokens: 'interpreter' | 'everything';
  /** `blocks`: blocks, last normalisation and head, as in the paper. `all`: the embeddings, too, and so the scores. */
  readonly trained: 'blocks' | 'all';
  readonly clips: ClipSource;
  readonly labels: LabelSource;
  /** Share of the target that is spread evenly over all classes, 0 … 1. */
  readonly labelSmoothing: number;
}

/** Whether a parameter belongs to the stem, which turns clips into tokens. */
const isStem = (name: string) => /^(cls_token|pos_embed|time_embed|patch_embed\.)/.test(name);

/**
 * The fine-tune phase (IA-RED², algorithm 1): the backbone learns by cross-entropy to answer from the tokens that the
 * interpreter, which is held fixed, keeps. With all tokens it is ordinary training of a classifier.
 */
export function fineTunePhase(options: FineTunePhaseOptions): TrainingTask<ClipBatch> {
  const { model, backbone, interpreter, clips, labels, tokens: seen, trained, labelSmoothing } = options;
  const { batchSize, tokenCount } = model;
  const initial = backbone.only((name) => trained === 'all' || !isStem(name));
  const graph = fineTuneGraph(model, [...initial.shapes.keys()], labelSmoothing);

  const policyFor = async (
    all: readonly ParameterSet[],
    batch: ClipBatch,
    signal: AbortSignal | undefined,
  ): Promise<Policy> => {
    if (seen === 'everything') return new Float32Array(batchSize * tokenCount).fill(1);
    const { scores } = await model.look(all, batch.clips, signal);
    return greedyPolicy(scores, model.selection.threshold);
  };

  const step = async (
    parameters: ParameterSet,
    batch: ClipBatch,
    _random: RandomStream,
    signal?: AbortSignal,
  ): Promise<StepResult> => {
    const right = await rightAnswers(model, labels, batch, interpreter, signal);
    const all = [backbone, interpreter, parameters];
    const policy = await policyFor(all, batch, signal);
    const { loss, gradients, outputs } = await graph.run(
      all,
      {
        clips: model.clipFeed(batch.clips),
        mask: model.maskFeed(policy),
        labels: { dtype: 'int64', dims: [batchSize], data: BigInt64Array.from(right, BigInt) },
      },
      signal,
    );
    const answers = largestOfRows(outputs.logits?.data as Float32Array, model.config.classes);
    return { loss, gradients, figures: summaryOf(outcomesOf(policy, answers, right)) };
  };

  return {
    identity: {
      phase: 'fine-tune',
      model: model.identity,
      backbone: tensorsFingerprint(backbone),
      interpreter: tensorsFingerprint(interpreter),
      clips: clips.identity,
      labels: labelIdentity(labels),
      tokens: seen,
      trained,
      labelSmoothing,
    },
    initial,
    batch: (index) => clips.batch(index),
    step,
  };
}

function fineTuneGraph(model: SelectingModel, trained: readonly string[], labelSmoothing: number): StepGraph {
  const { config, batchSize, tokenCount } = model;
  const computation = model.computation(`fine-tune ${trained.length} parameters, smoothing ${labelSmoothing}`);
  return new StepGraph(computation, trained, ({ graph, parameters, fusion }) => {
    const tokens = stemTokens(config, parameters, graph.input('clips', 'float32', model.clipSizes));
    const mask = graph.input('mask', 'float32', [batchSize, tokenCount]);
    const { logits } = denseTrunk(config, parameters, tokens, mask, fusion);
    graph.output('logits', logits);
    return crossEntropy(logits, graph.input('labels', 'int64', [batchSize]), { labelSmoothing }).mean;
  });
}
