import { Dim, elements } from '../dim.ts';
import type { Value } from '../graph.ts';
import { axisOf, pad, reshape, scatterAdd, sizeOf, slice, transpose } from '../operators/shapes.ts';
import { constantOf, type GradientRule, inputOf, integerOf, unbroadcast } from './rule.ts';

/** Gradients of the operators in `operators/shapes.ts`: each puts the elements back where they came from. */
export const SHAPE_RULES: Readonly<Record<string, GradientRule>> = {
  Reshape: (node, gradient) => [() => reshape(gradient, inputOf(node, 0).shape)],
  Expand: (node, gradient) => [() => unbroadcast(gradient, inputOf(node, 0).shape)],
  Transpose: (node, gradient) => {
    const order = node.attributes.perm;
    const axes = order?.kind === 'ints' ? order.value : [];
    return [
      () =>
        transpose(
          gradient,
          axes.map((_, axis) => axes.indexOf(axis)),
        ),
    ];
  },
  Concat: (node, gradient) => {
    const axis = integerOf(node, 'axis');
    const sizes = node.inputs.map((_, index) => sizeOf(inputOf(node, index), axis));
    return sizes.map((size, index) => () => {
      const before = sizes.slice(0, index).reduce((sum, each) => sum.plus(each), Dim.of(0));
      return slice(gradient, axis, before, before.plus(size));
    });
  },
  Slice: (node, gradient) => {
    const x = inputOf(node, 0);
    const [start = 0] = constantOf(node, 1);
    const [axis = 0] = constantOf(node, 3);
    return [() => pad(gradient, axis, start, sizeOf(x, axis).minus(sizeOf(gradient, axis).plus(start)))];
  },
  Pad: (node, gradient) => {
    const x = inputOf(node, 0);
    const [before = 0] = constantOf(node, 1);
    const [axis = 0] = constantOf(node, 3);
    return [() => slice(gradient, axis, before, sizeOf(x, axis).plus(before))];
  },
  Gather: (node, gradient) => {
    const [x, indices] = [inputOf(node, 0), node.inputs[1] as Value<'int64'>];
    const axis = axisOf(x, integerOf(node, 'axis'));
    const size = elements(indices.shape);
    const inOneAxis = [...x.shape.slice(0, axis), size, ...x.shape.slice(axis + 1)];
    return [() => scatterAdd(reshape(gradient, inOneAxis), reshape(indices, [size]), axis, sizeOf(x, axis)), null];
  },
};
