import type { Value } from '../graph.ts';
import { where } from '../operators/comparisons.ts';
import { type Floats, type GradientRule, inputOf, unbroadcast } from './rule.ts';

/** Gradients of the operators in `operators/comparisons.ts`; what answers yes or no has none. */
export const COMPARISON_RULES: Readonly<Record<string, GradientRule>> = {
  Where: (node, gradient) => {
    const condition = node.inputs[0] as Value<'bool'>;
    const nothing: Floats = gradient.graph.constant(gradient.dtype, [1], [0]);
    return [
      null,
      () => unbroadcast(where(condition, gradient, nothing), inputOf(node, 1).shape),
      () => unbroadcast(where(condition, nothing, gradient), inputOf(node, 2).shape),
    ];
  },
  Equal: () => [],
  Greater: () => [],
};
