import { stemTokens } from '../architectures/timesformer/stem.ts';
import { denseTrunk } from '../architectures/timesformer/trunk.ts';
import type { Value } from '../onnx/graph.ts';
import { add, scale } from '../onnx/operators/arithmetic.ts';
import { linear } from '../onnx/operators/matrices.ts';
import { reshape } from '../onnx/operators/shapes.ts';
import type { GraphParts } from './computation.ts';
import { binaryCrossEntropy, crossEntropy } from './losses.ts';
import type { MotionBatch } from './motion-batch.ts';
import { ParameterSet } from './parameter-set.ts';
import type { JsonObject } from './run-settings.ts';
import { largestOfRows, type SelectingModel } from './selecting-model.ts';
import { StepGraph } from './step-graph.ts';
import type { StepResult, TrainingTask } from './training-task.ts';

/** Batches with masks. */
export interface MaskedClipSource {
  readonly identity: JsonObject;
  batch(index: number): MotionBatch | Promise<MotionBatch>;
}

export interface BackbonePhaseOptions {
  readonly model: SelectingModel;
  /** Where the backbone begins. */
  readonly backbone: ParameterSet;
  readonly clips: MaskedClipSource;
  /** Share of the target that is spread evenly over all classes, 0 … 1. */
  readonly labelSmoothing: number;
  /** How much the foreground loss counts beside the classes'. */
  readonly foregroundWeight: number;
}

/** The read-out of the foreground serves training alone: no bundle has it. */
const READ_OUT = 'foreground.';
const WEIGHT = `${READ_OUT}weight`;
const BIAS = `${READ_OUT}bias`;

/**
 * Trains a backbone from nothing, with all tokens: cross-entropy of the classes and, with it, binary cross-entropy of a
 * linear read-out of the last patch tokens against how much of each patch the figure covers. From the classes alone a small
 * model learns nothing for hundreds of steps; where the figure is gives it something to see at once. Not in the paper,
 * which begins with trained backbones.
 */
export function backbonePhase(options: BackbonePhaseOptions): TrainingTask<MotionBatch> {
  const { model, backbone, clips, labelSmoothing, foregroundWeight } = options;
  const { batchSize, tokenCount, config } = model;
  const initial = new ParameterSet(new Map([...backbone.shapes, [WEIGHT, [1, config.dim]], [BIAS, [1]]]));
  initial.numbers.set(backbone.numbers);
  const common = model.computation(`backbone, smoothing ${labelSmoothing}, foreground ${foregroundWeight}`);
  const graph = new StepGraph({ ...common, shapes: initial.shapes }, [...initial.shapes.keys()], (parts) =>
    lossOf(options, parts),
  );

  const step = async (parameters: ParameterSet, batch: MotionBatch, _: unknown, signal?: AbortSignal) => {
    const { loss, gradients, outputs } = await graph.run(
      [parameters],
      {
        clips: model.clipFeed(batch.clips),
        labels: { dtype: 'int64', dims: [batchSize], data: BigInt64Array.from(batch.labels, BigInt) },
        foreground: { dtype: 'float32', dims: [batchSize, tokenCount], data: batch.foreground },
      },
      signal,
    );
    const answers = largestOfRows(outputs.logits?.data as Float32Array, config.classes);
    const right = answers.filter((answer, clip) => answer === batch.labels[clip]).length;
    const figures = {
      accuracy: right / batchSize,
      classLoss: Number(outputs.classLoss?.data[0]),
      foregroundLoss: Number(outputs.foregroundLoss?.data[0]),
    };
    return { loss, gradients, figures } satisfies StepResult;
  };

  return {
    identity: { phase: 'backbone', model: model.identity, clips: clips.identity, labelSmoothing, foregroundWeight },
    initial,
    batch: (index) => clips.batch(index),
    step,
  };
}

/** What the phase has learnt of the model itself. */
export function backboneOf(learnt: ParameterSet): ParameterSet {
  return learnt.only((name) => !name.startsWith(READ_OUT));
}

function lossOf(options: BackbonePhaseOptions, { graph, parameters, fusion }: GraphParts): Value<'float32'> {
  const { model, labelSmoothing, foregroundWeight } = options;
  const { batchSize, tokenCount, config } = model;
  const tokens = stemTokens(config, parameters, graph.input('clips', 'float32', model.clipSizes));
  const { logits, patches } = denseTrunk(config, parameters, tokens, null, fusion);
  const rows = reshape(patches(), [batchSize * tokenCount, config.dim]);
  const figure = linear(rows, parameters.get(WEIGHT, [1, config.dim]), parameters.get(BIAS, [1]));
  const labels = graph.input('labels', 'int64', [batchSize]);
  const covered = graph.input('foreground', 'float32', [batchSize, tokenCount]);
  const classLoss = crossEntropy(logits, labels, { labelSmoothing }).mean;
  const foregroundLoss = binaryCrossEntropy(reshape(figure, [batchSize, tokenCount]), covered);
  graph.output('logits', logits);
  graph.output('classLoss', classLoss);
  graph.output('foregroundLoss', foregroundLoss);
  return add(classLoss, scale(foregroundLoss, foregroundWeight));
}
