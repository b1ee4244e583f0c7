import { GraphError } from '#contract/errors.ts';
import { formatShape, sameShape } from '../onnx/dim.ts';
import type { FloatType } from '../onnx/dtype.ts';
import type { Value } from '../onnx/graph.ts';
import {
  add,
  cast,
  divide,
  multiply,
  negate,
  reduceMean,
  reduceSum,
  scale,
  softplus,
  subtract,
} from '../onnx/operators/arithmetic.ts';
import { equal } from '../onnx/operators/comparisons.ts';
import { logSoftmax } from '../onnx/operators/matrices.ts';
import { reshape, sizeOf } from '../onnx/operators/shapes.ts';

/** Losses of classifiers and of what helps to train them, as nodes of a graph. */

export interface CrossEntropyOptions {
  /** Share of the target that is spread evenly over all classes, 0 … 1 (Szegedy et al. 2016). */
  readonly labelSmoothing?: number;
  /** How much each class counts; all the same when absent. */
  readonly classWeights?: readonly number[];
}

export interface CrossEntropy<D extends FloatType> {
  /** One number: the mean over the batch, weighted by the weights of the labels. */
  readonly mean: Value<D>;
  /** `[batch]`, weighted. */
  readonly perSample: Value<D>;
}

/**
 * −log softmax(logits) of the label, as `torch.nn.functional.cross_entropy` defines it with smoothing and weights.
 *
 * @param logits `[batch, classes]`.
 * @param labels `[batch]`, int64, 0 … classes − 1.
 */
export function crossEntropy<D extends FloatType>(
  logits: Value<D>,
  labels: Value<'int64'>,
  { labelSmoothing = 0, classWeights }: CrossEntropyOptions = {},
): CrossEntropy<D> {
  const classes = logits.shape[1]?.constant;
  const fits = logits.shape.length === 2 && sameShape(labels.shape, logits.shape.slice(0, 1));
  if (!fits || classes === undefined || (classWeights !== undefined && classWeights.length !== classes)) {
    const weights = classWeights === undefined ? '' : ` with ${classWeights.length} class weights`;
    throw new GraphError(
      `No cross-entropy of logits ${formatShape(logits.shape)} and labels ${formatShape(labels.shape)}${weights}.`,
    );
  }
  const { graph, dtype } = logits;
  const numbers = Array.from({ length: classes }, (_, index) => index);
  const isLabel = cast(
    equal(reshape(labels, [sizeOf(labels, 0), 1]), graph.constant('int64', [1, classes], numbers)),
    dtype,
  );
  const even = graph.constant(
    dtype,
    [1, classes],
    numbers.map(() => labelSmoothing / classes),
  );
  const target = add(scale(isLabel, 1 - labelSmoothing), even);
  const weights = graph.constant(dtype, [1, classes], classWeights ?? numbers.map(() => 1));
  const perClass = multiply(multiply(target, weights), logSoftmax(logits, 1));
  const perSample = negate(reduceSum(perClass, [1], false));
  const mean =
    classWeights === undefined
      ? reduceMean(perSample, [0], false)
      : divide(reduceSum(perSample, [0], false), reduceSum(multiply(isLabel, weights), [0, 1], false));
  return { mean, perSample };
}

/** The mean of (`a` − `b`)² over all elements: one number. */
export function meanSquaredError<D extends FloatType>(a: Value<D>, b: Value<D>): Value<D> {
  const difference = subtract(a, b);
  return meanOfAll(multiply(difference, difference));
}

/**
 * −log of the probability `sigmoid(logit)` of a yes where the target is 1, of a no where it is 0; mean over all
 * elements. Written as softplus(logit) − target·logit, which neither overflows nor loses small probabilities.
 *
 * @param targets As `logits`, 0 … 1.
 */
export function binaryCrossEntropy<D extends FloatType>(logits: Value<D>, targets: Value<D>): Value<D> {
  return meanOfAll(subtract(softplus(logits), multiply(targets, logits)));
}

function meanOfAll<D extends FloatType>(x: Value<D>): Value<D> {
  return reduceMean(
    x,
    x.shape.map((_, axis) => axis),
    false,
  );
}
