import { elements } from '../dim.ts';
import { cast, exponential, multiply, reduceMean, reduceSum, subtract } from '../operators/arithmetic.ts';
import { matMul, product, standardize } from '../operators/matrices.ts';
import { reshape, sizeOf, transpose } from '../operators/shapes.ts';
import { type Floats, type GradientRule, inputOf, integerOf, numberOf, outputOf, unbroadcast } from './rule.ts';

/** Gradients of the operators in `operators/matrices.ts`. */
export const MATRIX_RULES: Readonly<Record<string, GradientRule>> = {
  MatMul: (node, gradient) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return [
      () => unbroadcast(matMul(gradient, turned(b)), a.shape),
      () => (b.shape.length === 2 ? sharedFactor(a, gradient) : unbroadcast(matMul(turned(a), gradient), b.shape)),
    ];
  },
  Gemm: (node, gradient) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const [turnedA, turnedB] = [integerOf(node, 'transA', 0) === 1, integerOf(node, 'transB', 0) === 1];
    return [
      () => (turnedA ? product(b, gradient, { a: turnedB, b: true }) : product(gradient, b, { b: !turnedB })),
      () => (turnedB ? product(gradient, a, { a: true, b: turnedA }) : product(a, gradient, { a: !turnedA })),
      () => unbroadcast(gradient, inputOf(node, 2).shape),
    ];
  },
  Softmax: (node, gradient) => [() => throughSoftmax(outputOf(node), gradient, integerOf(node, 'axis'))],
  LogSoftmax: (node, gradient) => {
    const total = reduceSum(gradient, [integerOf(node, 'axis')]);
    return [() => subtract(gradient, multiply(exponential(outputOf(node)), total))];
  },
  LayerNormalization: (node, gradient) => {
    const [x, gain] = [inputOf(node, 0), inputOf(node, 1)];
    const { normalised, inverseDeviation } = standardize(x, numberOf(node, 'epsilon'));
    return [
      () => {
        // What a change of x does to its mean and deviation, taken off (Ba, Kiros, Hinton 2016).
        const direct = multiply(gradient, gain);
        const alongMean = reduceMean(direct, [-1]);
        const alongDeviation = multiply(normalised, reduceMean(multiply(direct, normalised), [-1]));
        const rest = subtract(subtract(direct, alongMean), alongDeviation);
        return multiply(rest, cast(inverseDeviation, x.dtype));
      },
      () => unbroadcast(multiply(gradient, normalised), gain.shape),
      () => unbroadcast(gradient, gain.shape),
    ];
  },
};

/** `y·(gradient − Σ gradient·y)` for `y = softmax(x)`. */
function throughSoftmax(y: Floats, gradient: Floats, axis: number): Floats {
  return multiply(y, subtract(gradient, reduceSum(multiply(gradient, y), [axis])));
}

/** The gradient of a matrix that every matrix of `a` was multiplied by: one product over all their rows. */
function sharedFactor(a: Floats, gradient: Floats): Floats {
  const rows = (x: Floats) => reshape(x, [elements(x.shape.slice(0, -1)), sizeOf(x, -1)]);
  return product(rows(a), rows(gradient), { a: true });
}

/** The last two axes swapped; onnxruntime folds it into the product that follows. */
function turned(x: Floats): Floats {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}
