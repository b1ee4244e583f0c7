import { Dim } from '../dim.ts';
import {
  add,
  cast,
  divide,
  errorFunction,
  exponential,
  multiply,
  negate,
  scale,
  sigmoid,
  subtract,
} from '../operators/arithmetic.ts';
import { equal, where } from '../operators/comparisons.ts';
import { axisOf, dimValue, expand, reshape, sizeOf } from '../operators/shapes.ts';
import { constantOf, type Floats, type GradientRule, inputOf, outputOf, unbroadcast } from './rule.ts';

/** Gradients of the operators in `operators/arithmetic.ts`. */
export const ARITHMETIC_RULES: Readonly<Record<string, GradientRule>> = {
  Add: (node, gradient) => [0, 1].map((i) => () => unbroadcast(gradient, inputOf(node, i).shape)),
  Sub: (node, gradient) => [
    () => unbroadcast(gradient, inputOf(node, 0).shape),
    () => negate(unbroadcast(gradient, inputOf(node, 1).shape)),
  ],
  Mul: (node, gradient) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    return [() => unbroadcast(multiply(gradient, b), a.shape), () => unbroadcast(multiply(gradient, a), b.shape)];
  },
  Div: (node, gradient) => {
    const [a, b] = [inputOf(node, 0), inputOf(node, 1)];
    const overB = divide(gradient, b);
    return [() => unbroadcast(overB, a.shape), () => negate(unbroadcast(multiply(overB, outputOf(node)), b.shape))];
  },
  Neg: (_, gradient) => [() => negate(gradient)],
  Exp: (node, gradient) => [() => multiply(gradient, outputOf(node))],
  Log: (node, gradient) => [() => divide(gradient, inputOf(node, 0))],
  Sigmoid: (node, gradient) => {
    const y = outputOf(node);
    return [() => multiply(gradient, multiply(y, subtract(number(y, 1), y)))];
  },
  Softplus: (node, gradient) => [() => multiply(gradient, sigmoid(inputOf(node, 0)))],
  Erf: (node, gradient) => {
    const x = inputOf(node, 0);
    return [() => multiply(gradient, scale(exponential(negate(multiply(x, x))), 2 / Math.sqrt(Math.PI)))];
  },
  Gelu: (node, gradient) => [() => multiply(gradient, geluSlope(inputOf(node, 0)))],
  // At the bounds themselves the value is still its own, so the gradient passes, as in PyTorch.
  Clip: (node, gradient) => {
    const untouched = equal(inputOf(node, 0), outputOf(node));
    return [() => where(untouched, gradient, number(gradient, 0))];
  },
  Cast: (node, gradient) => [() => cast(gradient, inputOf(node, 0).dtype)],
  Identity: (_, gradient) => [() => gradient],
  ReduceSum: (node, gradient) => [() => spread(inputOf(node, 0), constantOf(node, 1), gradient)],
  ReduceMean: (node, gradient) => {
    const x = inputOf(node, 0);
    const axes = constantOf(node, 1);
    return [
      () =>
        spread(
          x,
          axes,
          shared(
            gradient,
            axes.map((axis) => sizeOf(x, axis)),
          ),
        ),
    ];
  },
};

/** d x·Φ(x) / dx = Φ(x) + x·φ(x), with the Gaussian Φ and its density φ. */
function geluSlope(x: Floats): Floats {
  const cumulative = scale(add(errorFunction(scale(x, Math.SQRT1_2)), number(x, 1)), 0.5);
  const density = exponential(multiply(x, scale(x, -0.5)));
  return add(cumulative, multiply(scale(x, 1 / Math.sqrt(2 * Math.PI)), density));
}

/** `gradient` of a reduction over `axes`, kept or not, at every element that was reduced. */
function spread(x: Floats, axes: readonly number[], gradient: Floats): Floats {
  const over = axes.map((axis) => axisOf(x, axis));
  const kept = x.shape.map((dim, axis) => (over.includes(axis) ? Dim.of(1) : dim));
  return expand(reshape(gradient, kept), x.shape);
}

/** `gradient` over the number of elements that a mean was taken of: the product of `sizes`. */
function shared(gradient: Floats, sizes: readonly Dim[]): Floats {
  const count = sizes.reduce((product, size) => product.times(size), Dim.of(1));
  if (count.constant !== undefined) return scale(gradient, 1 / count.constant);
  return divide(gradient, cast(dimValue(gradient.graph, count), gradient.dtype));
}

/** `value` as a constant beside `like`. */
function number(like: Floats, value: number): Floats {
  return like.graph.constant(like.dtype, [1], [value]);
}
