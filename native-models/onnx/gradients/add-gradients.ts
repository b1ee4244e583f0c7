import { GraphError } from '#contract/errors.ts';
import { elements, formatShape } from '../dim.ts';
import type { FloatType } from '../dtype.ts';
import type { Graph, GraphNode, Value } from '../graph.ts';
import { add } from '../operators/arithmetic.ts';
import { zeros } from '../operators/shapes.ts';
import { GRADIENT_RULES } from './gradient-rules.ts';
import type { Floats } from './rule.ts';

export interface GradientOptions {
  /** Values that count as constants: no gradient passes through them (the "stop gradient" of other frameworks). */
  readonly held?: readonly Value[];
}

/**
 * Reverse-mode differentiation: adds the nodes that compute d `loss` / d value for every value in `of`.
 *
 * The graph is walked backwards once; each operator's rule turns the gradient of its result into those of its inputs,
 * and what reaches a value on several ways is summed. Only the part between `of` and `loss` is differentiated.
 *
 * @param loss One number; its graph is the one that grows.
 * @param of Values of the graph in full or half precision, as a rule its inputs.
 * @returns For each value in `of` a value of its type and shape; zeros where the loss does not depend on it.
 * @throws GraphError when the loss is not one number, or depends on `of` through an operator without a gradient.
 */
export function addGradients<D extends FloatType>(
  graph: Graph,
  loss: Value<FloatType>,
  of: readonly Value<D>[],
  { held = [] }: GradientOptions = {},
): Value<D>[] {
  if (elements(loss.shape).constant !== 1) {
    throw new GraphError(`A loss is one number, not ${loss.name} ${formatShape(loss.shape)}.`);
  }
  // The rules add nodes of their own, which must not be walked.
  const nodes = [...graph.nodes];
  const dependent = dependentOn(of, held, nodes);
  const gradients = new Map<Value, Floats[]>();
  const seed: Floats = graph.constant(
    loss.dtype,
    loss.shape.map(() => 1),
    [1],
  );
  gradients.set(loss, [seed]);
  for (const node of nodes.reverse()) {
    const gradient = takeSum(gradients, node.outputs[0] as Value);
    if (gradient === undefined || !node.outputs.some((output) => dependent.has(output))) continue;
    passBack(node, gradient, dependent, gradients);
  }
  return of.map(
    (value) => (takeSum(gradients, value) as Value<D> | undefined) ?? zeros(graph, value.dtype, value.shape),
  );
}

/** The values in `of`, and all that is computed from them. */
function dependentOn(of: readonly Value[], held: readonly Value[], nodes: readonly GraphNode[]): ReadonlySet<Value> {
  const constant = new Set(held);
  const dependent = new Set(of.filter((value) => !constant.has(value)));
  for (const { inputs, outputs } of nodes) {
    if (!inputs.some((input) => input !== null && dependent.has(input))) continue;
    for (const output of outputs) if (!constant.has(output)) dependent.add(output);
  }
  return dependent;
}

function passBack(
  node: GraphNode,
  gradient: Floats,
  dependent: ReadonlySet<Value>,
  gradients: Map<Value, Floats[]>,
): void {
  const rule = GRADIENT_RULES[node.operator];
  if (rule === undefined) throw new GraphError(`The operator ${node.operator} has no gradient.`);
  const ofInputs = rule(node, gradient);
  for (const [index, input] of node.inputs.entries()) {
    const ofInput = ofInputs[index];
    if (input === null || !ofInput || !dependent.has(input)) continue;
    const reached = gradients.get(input);
    if (reached === undefined) gradients.set(input, [ofInput()]);
    else reached.push(ofInput());
  }
}

/** The sum of what has reached `value`; kept, so that a requested value in the middle of the graph has it too. */
function takeSum(gradients: Map<Value, Floats[]>, value: Value): Floats | undefined {
  const [first, ...others] = gradients.get(value) ?? [];
  if (first === undefined) return undefined;
  const sum = others.reduce((a, b) => add(a, b), first);
  gradients.set(value, [sum]);
  return sum;
}
