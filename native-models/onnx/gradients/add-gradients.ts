import { GraphError } from '#contract/errors.ts';
import { elements, formatShape } from '../dim.ts';
import type { FloatType } from '../dtype.ts';
import type { Graph, GraphNode, Value } from '../graph.ts';
import { add } from '../operators/arithmetic.ts';
import { zeros } from '../operators/shapes.ts';
import { GRADIENT_RULES } from './gradient-rules.ts';
import type { Floats, GradientRule } from './rule.ts';

export interface GradientOptions {
  /** Values that count as constants: no gradient passes through them (the "stop gradient" of other frameworks). */
  readonly held?: readonly Value[];
}

/**
 * Reverse-mode differentiation: adds the nodes that compute d `loss` / d value for every value in `of`.
 *
 * Each operator's rule turns the gradient of its result into those of its inputs, and what reaches a value on several
 * ways is summed. Only the part between `of` and `loss` is differentiated.
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
  // The rules add nodes of their own, which are not differentiated.
  const nodes = [...graph.nodes];
  const dependent = dependentOn(of, held, nodes);
  const gradients = new Gradients(loss, nodes, dependent);

  // onnxruntime (1.30) begins with the last of the nodes whose results nobody uses, here the gradients of parameters,
  // and computes what it needs. So the way back through the data comes first and parameters follow from the first layer
  // to the last: then each layer's gradients are done, and its activations free, before the next layer's begin.
  const ofParameters = computedFrom(of, nodes);
  for (const { outputs } of nodes.toReversed()) {
    for (const output of outputs) if (dependent.has(output) && !ofParameters.has(output)) gradients.of(output);
  }
  const firstUse = (value: Value) => nodes.findIndex(({ inputs }) => inputs.includes(value));
  for (const value of of.toSorted((a, b) => firstUse(a) - firstUse(b))) gradients.of(value);
  return of.map((value) => (gradients.of(value) as Value<D> | undefined) ?? zeros(graph, value.dtype, value.shape));
}

/** d loss / d value for one value after another; each is added to the graph when it is asked for first. */
class Gradients {
  readonly #loss: Value<FloatType>;
  readonly #dependent: ReadonlySet<Value>;
  readonly #uses = new Map<Value, { readonly node: GraphNode; readonly input: number }[]>();
  readonly #known = new Map<Value, Floats | undefined>();
  readonly #passed = new Map<GraphNode, ReturnType<GradientRule>>();

  constructor(loss: Value<FloatType>, nodes: readonly GraphNode[], dependent: ReadonlySet<Value>) {
    this.#loss = loss;
    this.#dependent = dependent;
    for (const node of nodes) {
      for (const [input, value] of node.inputs.entries()) {
        if (value === null) continue;
        const uses = this.#uses.get(value);
        if (uses === undefined) this.#uses.set(value, [{ node, input }]);
        else uses.push({ node, input });
      }
    }
  }

  /** Undefined when the loss does not depend on `value`. */
  of(value: Value): Floats | undefined {
    if (this.#known.has(value)) return this.#known.get(value);
    const parts = (this.#uses.get(value) ?? []).flatMap(({ node, input }) => this.#through(node)[input]?.() ?? []);
    if (value === this.#loss) parts.push(seed(this.#loss));
    const sum = parts.length === 0 ? undefined : parts.reduce((a, b) => add(a, b));
    this.#known.set(value, sum);
    return sum;
  }

  /** The gradients of the inputs of `node`, to be added when wanted. */
  #through(node: GraphNode): ReturnType<GradientRule> {
    const passed = this.#passed.get(node) ?? this.#ofInputs(node);
    this.#passed.set(node, passed);
    return passed;
  }

  #ofInputs(node: GraphNode): ReturnType<GradientRule> {
    const [gradient, ...others] = node.outputs.map((output) =>
      this.#dependent.has(output) ? this.of(output) : undefined,
    );
    const rule = GRADIENT_RULES[node.operator];
    if (others.some((other) => other !== undefined) || (gradient !== undefined && rule === undefined)) {
      throw new GraphError(`The operator ${node.operator} has no gradient.`);
    }
    return gradient === undefined || rule === undefined ? [] : rule(node, gradient);
  }
}

/** The values in `of`, and all that depends on them. */
function dependentOn(of: readonly Value[], held: readonly Value[], nodes: readonly GraphNode[]): ReadonlySet<Value> {
  const constant = new Set(held);
  const dependent = new Set(of.filter((value) => !constant.has(value)));
  for (const { inputs, outputs } of nodes) {
    if (!inputs.some((input) => input !== null && dependent.has(input))) continue;
    for (const output of outputs) if (!constant.has(output)) dependent.add(output);
  }
  return dependent;
}

/** The values in `of`, and what is computed from them and constants alone: parameters in other shapes, parts of them. */
function computedFrom(of: readonly Value[], nodes: readonly GraphNode[]): ReadonlySet<Value> {
  const computed = new Set(of);
  const isOurs = (value: Value | null) =>
    value === null || computed.has(value) || value.graph.numbersOf(value) !== undefined;
  for (const { inputs, outputs } of nodes) {
    if (inputs.every(isOurs)) for (const output of outputs) computed.add(output);
  }
  return computed;
}

/** d loss / d loss. */
function seed(loss: Value<FloatType>): Floats {
  const sizes = loss.shape.map(() => 1);
  return loss.graph.constant(loss.dtype, sizes, [1]);
}
