import { expect } from 'vitest';
import { addGradients } from '#native-models/onnx/gradients/add-gradients.ts';
import type { Graph, Value } from '#native-models/onnx/graph.ts';
import { multiply, reduceSum } from '#native-models/onnx/operators/arithmetic.ts';
import { type PlainTensor, randomTensor } from '../../plain-tensor.ts';
import { loadGraph } from '../../run-graph.ts';

export type Tensors = Readonly<Record<string, PlainTensor>>;
/** Builds a value from the graph's inputs, by name. */
export type Build = (inputs: Readonly<Record<string, Value<'float32'>>>, graph: Graph) => Value<'float32'>;

/** Far enough that float32 rounding stays below 1e-5, near enough for a difference of fourth order. */
const STEP = 0.04;
const TOLERANCE = 3e-4;

/**
 * Holds the gradients of `build`'s result, weighted at random, against differences of its values, for every element of
 * every input. The sums over the result are taken here in double precision.
 *
 * @param named Names for sizes of inputs, so that graphs with open sizes are tried too: `{ x: ['batch', 3] }`.
 */
export async function expectGradients(
  inputs: Tensors,
  build: Build,
  named: Readonly<Record<string, readonly (number | string)[]>> = {},
  others: Tensors = {},
): Promise<void> {
  const names = Object.keys(inputs);
  const values = await loadGraph((graph) => graph.output('y', build(addInputs(graph, inputs, named), graph)));
  const at = async (feeds: Tensors) => (await values({ ...feeds, ...others })).y!;
  const { sizes } = await at(inputs);
  const weights = randomTensor(sizes, 99);

  const differentiated = await loadGraph((graph) => {
    const leaves = addInputs(graph, inputs, named);
    const y = build(leaves, graph);
    const weighted = multiply(y, graph.input('resultWeights', 'float32', y.shape));
    const axes = y.shape.map((_, axis) => axis);
    const loss = axes.length === 0 ? weighted : reduceSum(weighted, axes, false);
    const gradients = addGradients(graph, loss, Object.values(leaves));
    for (const [i, name] of names.entries()) graph.output(`d_${name}`, gradients[i]!);
  });
  const gradients = await differentiated({ ...inputs, ...others, resultWeights: weights });

  for (const name of names) {
    const gradient = gradients[`d_${name}`]!;
    const input = inputs[name]!;
    expect(gradient.sizes, name).toEqual(input.sizes);
    for (const i of input.numbers.keys()) {
      const moved = async (by: number) => {
        const numbers = input.numbers.map((number, j) => (i === j ? number + by : number));
        const y = await at({ ...inputs, [name]: { ...input, numbers } });
        return y.numbers.reduce((sum, number, j) => sum + number * weights.numbers[j]!, 0);
      };
      const near = (await moved(STEP)) - (await moved(-STEP));
      const far = (await moved(2 * STEP)) - (await moved(-2 * STEP));
      const expected = (8 * near - far) / (12 * STEP);
      const error = Math.abs(gradient.numbers[i]! - expected) / Math.max(1, Math.abs(expected));
      expect(error, `d ${name}[${i}] is ${gradient.numbers[i]}, by differences ${expected}`).toBeLessThan(TOLERANCE);
    }
  }
}

function addInputs(
  graph: Graph,
  inputs: Tensors,
  named: Readonly<Record<string, readonly (number | string)[]>>,
): Record<string, Value<'float32'>> {
  const values = Object.entries(inputs).map(
    ([name, { sizes }]) => [name, graph.input(name, 'float32', named[name] ?? sizes)] as const,
  );
  return Object.fromEntries(values);
}
