import { describe, expect, it } from 'vitest';
import { addGradients } from '#native-models/onnx/gradients/add-gradients.ts';
import type { Graph, Value } from '#native-models/onnx/graph.ts';
import { add, multiply, reduceSum, scale, subtract } from '#native-models/onnx/operators/arithmetic.ts';
import { type PlainTensor, tensor } from '../../plain-tensor.ts';
import { loadGraph } from '../../run-graph.ts';

const x: PlainTensor = tensor([3], (i) => i + 1);
const y: PlainTensor = tensor([3], (i) => 2 * i - 1);

async function run(build: (graph: Graph, x: Value<'float32'>, y: Value<'float32'>) => Value<'float32'>[]) {
  const outputs = await loadGraph((graph) => {
    const values = build(graph, graph.input('x', 'float32', [3]), graph.input('y', 'float32', ['n']));
    for (const [i, value] of values.entries()) graph.output(`out${i}`, value);
  });
  const results = await outputs({ x, y });
  return Object.values(results).map(({ numbers }) => numbers);
}

const total = (value: Value<'float32'>) => reduceSum(value, [0], false);

describe('gradients of a graph', () => {
  it('sum what reaches a value on several ways', async () => {
    const [gradient] = await run((graph, a) => addGradients(graph, total(add(multiply(a, a), scale(a, 5))), [a]));
    expect(gradient).toEqual(x.numbers.map((number) => 2 * number + 5));
  });

  it('can be asked for values in the middle, together with those before', async () => {
    const gradients = await run((graph, a) => {
      const middle = scale(a, 3);
      return addGradients(graph, total(multiply(middle, middle)), [middle, a]);
    });
    expect(gradients).toEqual([x.numbers.map((number) => 6 * number), x.numbers.map((number) => 18 * number)]);
  });

  it('are one for the loss itself', async () => {
    const [gradient] = await run((graph, a) => {
      const loss = total(a);
      return addGradients(graph, loss, [loss]);
    });
    expect(gradient).toEqual([1]);
  });

  it('are zero for what the loss does not depend on', async () => {
    const [gradient] = await run((graph, a, b) => addGradients(graph, total(a), [b]));
    expect(gradient).toEqual([0, 0, 0]);
  });

  it('do not pass through values that are held', async () => {
    const [gradient] = await run((graph, a) => {
      const target = multiply(a, a);
      const error = subtract(a, target);
      return addGradients(graph, total(multiply(error, error)), [a], { held: [target] });
    });
    expect(gradient).toEqual(x.numbers.map((number) => 2 * (number - number * number)));
  });

  it('of two losses can be added to one graph', async () => {
    const gradients = await run((graph, a) => [
      ...addGradients(graph, total(multiply(a, a)), [a]),
      ...addGradients(graph, total(scale(a, 4)), [a]),
    ]);
    expect(gradients).toEqual([x.numbers.map((number) => 2 * number), [4, 4, 4]]);
  });

  it('can be differentiated again', async () => {
    const [second] = await run((graph, a) => {
      const [first] = addGradients(graph, total(multiply(a, multiply(a, a))), [a]);
      return addGradients(graph, total(first!), [a]);
    });
    expect(second).toEqual(x.numbers.map((number) => 6 * number));
  });
});
