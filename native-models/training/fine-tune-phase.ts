import { hidingBias, type KeyBias } from '../architectures/token-mask.ts';
import type { Value } from '../onnx/graph.ts';
import type { Feeds } from '../runtime/host-tensor.ts';
import type { ClipBatch, ClipSource } from './clip-source.ts';
import type { GraphParts } from './computation.ts';
import { crossEntropy } from './losses.ts';
import type { ParameterSet } from './parameter-set.ts';
import { greedyPolicy, largestOfRows, outcomesOf, type Policy, summaryOf } from './policies.ts';
import type { RandomStream } from './random-stream.ts';
import { type LabelSource, labelIdentity, rightAnswers } from './right-answers.ts';
import type { SelectingModel } from './selecting-model.ts';
import { StepGraph } from './step-graph.ts';
import { tensorsFingerprint } from './tensors-fingerprint.ts';
import type { StepResult, TrainingTask } from './training-task.ts';

export interface FineTunePhaseOptions {
  readonly model: SelectingModel;
  /** Where the backbone begins. */
  readonly backbone: ParameterSet;
  /** Held fixed, one for each group; they say which tokens are seen. */
  readonly interpreter: ParameterSet;
  /**
   * The last group whose interpreter is used, counted from 0, the first when left out: those after it keep what it keeps.
   * With the tokens of `interpreter` and the paper's `blocks`, those from this group on are trained.
   */
  readonly group?: number | undefined;
  /**
   * `interpreter`: those that score above the threshold, as in the paper. `everything`: the full model is trained. `whole`:
   * one or the other for each clip, by chance, so that the full model stays as good as it is; first group only.
   */
  readonly tokens:
    | 'interpreter'
    | 'everything'
    | {
        /** How likely a clip is shown with everything, 0 … 1. */
        readonly whole: number;
      };
  /** `blocks`: blocks, last normalisation and head, as in the paper. `all`: the embeddings, too, and so the scores. */
  readonly trained: 'blocks' | 'all';
  readonly clips: ClipSource;
  readonly labels: LabelSource;
  /** Share of the target that is spread evenly over all classes, 0 … 1. */
  readonly labelSmoothing: number;
}

/**
 * The fine-tune phase (IA-RED², algorithm 1): the backbone learns by cross-entropy to answer from the tokens that the
 * interpreters, which are held fixed, keep. With all tokens it is ordinary training of a classifier.
 */
export function fineTunePhase(options: FineTunePhaseOptions): TrainingTask<ClipBatch> {
  const { model, backbone, interpreter, clips, labels, tokens: seen, trained, labelSmoothing } = options;
  const { batchSize, tokenCount, architecture } = model;
  const group = seen === 'everything' ? 0 : (options.group ?? 0);
  const at = model.group(group);
  if (typeof seen === 'object' && group > 0) {
    throw new RangeError('All tokens or those of an interpreter: what came before a later group is decided.');
  }
  const initial = backbone.only((name) => trained === 'all' || architecture.isFrom(group, name));
  const graph = fineTuneGraph(options, group, [...initial.shapes.keys()]);

  /** What each group sees, up to the last whose interpreter is used, and the inputs of the graph. */
  const show = async (
    all: readonly ParameterSet[],
    batch: ClipBatch,
    random: RandomStream,
    signal: AbortSignal | undefined,
  ): Promise<{ readonly policies: readonly Policy[]; readonly feeds: Feeds }> => {
    const start = { clips: model.clipFeed(batch.clips) };
    if (seen === 'everything' && trained === 'all') {
      return { policies: [new Float32Array(batchSize * tokenCount).fill(1)], feeds: start };
    }
    const { tokens, scores, before } = await at.look(all, batch.clips, signal);
    const last = seen === 'everything' ? scores.map(() => 1) : greedyPolicy(scores, model.selection.threshold);
    if (typeof seen === 'object') {
      for (let clip = 0; clip < batchSize; clip++) {
        if (random.next() < seen.whole) last.fill(1, clip * tokenCount, (clip + 1) * tokenCount);
      }
    }
    return { policies: [...before, last], feeds: trained === 'all' ? start : { tokens } };
  };

  const step = async (
    parameters: ParameterSet,
    batch: ClipBatch,
    random: RandomStream,
    signal?: AbortSignal,
  ): Promise<StepResult> => {
    const right = await rightAnswers(model, labels, batch, interpreter, signal);
    const all = [backbone, interpreter, parameters];
    const { policies, feeds } = await show(all, batch, random, signal);
    const needed = trained === 'all' ? policies : policies.slice(-1);
    const masks = needed.map((policy, i) => [`mask ${group + 1 - needed.length + i}`, model.maskFeed(policy)]);
    const { loss, gradients, outputs } = await graph.run(
      all,
      {
        ...feeds,
        ...Object.fromEntries(masks),
        labels: { dtype: 'int64', dims: [batchSize], data: BigInt64Array.from(right, BigInt) },
      },
      signal,
    );
    const answers = largestOfRows(outputs.logits?.data as Float32Array, architecture.classes);
    const last = policies.at(-1) ?? new Float32Array();
    return { loss, gradients, figures: summaryOf(outcomesOf(last, answers, right)) };
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
      ...(group === 0 ? {} : { group }),
    },
    initial,
    batch: (index) => clips.batch(index),
    step,
  };
}

function fineTuneGraph(
  { model, trained, labelSmoothing }: FineTunePhaseOptions,
  group: number,
  names: readonly string[],
): StepGraph {
  const { batchSize, tokenCount, architecture } = model;
  const of = `${names.length} parameters${group === 0 ? '' : ` from group ${group}`}`;
  return new StepGraph(model.computation(`fine-tune ${of}, smoothing ${labelSmoothing}`), names, (parts) => {
    const { graph, parameters, fusion } = parts;
    const biasOf = (index: number) => hidingBias(graph.input(`mask ${index}`, 'float32', [batchSize, tokenCount]));
    const entry = trained === 'blocks' ? model.group(group).tokensInput(parts) : entryOf(parts, biasOf);
    const logits = architecture.answer(parameters, entry, group, biasOf(group), fusion);
    graph.output('logits', logits);
    return crossEntropy(logits, graph.input('labels', 'int64', [batchSize]), { labelSmoothing }).mean;
  });

  /** The tokens before the group, from the clips on: what comes before it learns, too. */
  function entryOf({ graph, parameters, fusion }: GraphParts, biasOf: (index: number) => KeyBias): Value<'float32'> {
    let tokens = architecture.tokens(parameters, graph.input('clips', 'float32', model.clipSizes));
    for (let index = 0; index < group; index++) {
      tokens = architecture.through(parameters, tokens, index, biasOf(index), fusion);
    }
    return tokens;
  }
}
