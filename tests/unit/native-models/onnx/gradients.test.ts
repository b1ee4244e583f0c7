import { describe, expect, it } from 'vitest';
import { GraphError } from '#contract/errors.ts';
import { formatShape } from '#native-models/onnx/dim.ts';
import { addGradients } from '#native-models/onnx/gradients/add-gradients.ts';
import { Graph, type Value } from '#native-models/onnx/graph.ts';
import { add, gelu, multiply, reduceSum, scale } from '#native-models/onnx/operators/arithmetic.ts';
import { linear, standardize } from '#native-models/onnx/operators/matrices.ts';
import { reshape } from '#native-models/onnx/operators/shapes.ts';

const total = (x: Parameters<typeof reduceSum<'float32'>>[0]) => reduceSum(x, [0], false);

describe('adding gradients', () => {
  it('gives each value its own type and shape', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', ['batch']);
    const factor = graph.input('factor', 'float32', [1]);
    const gradients = addGradients(graph, total(multiply(x, factor)), [x, factor]);
    expect(gradients.map(({ dtype, shape }) => `${dtype} ${formatShape(shape)}`)).toEqual([
      'float32 [batch]',
      'float32 [1]',
    ]);
  });

  it('adds nothing for what does not depend on the values', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', [2]);
    const data = graph.input('data', 'float32', [2]);
    const loss = total(add(x, gelu(data)));
    addGradients(graph, loss, [x]);
    const added = graph.nodes.map(({ operator }) => operator);
    expect(added.filter((operator) => operator === 'Erf')).toEqual([]);
  });

  it('goes back through the data first, then to the parameters from the first layer to the last', () => {
    const graph = new Graph('test');
    let rows: Value<'float32'> = graph.input('x', 'float32', [5, 4]);
    const weights = [0, 1, 2].map((layer) => graph.input(`weight${layer}`, 'float32', [16]));
    for (const weight of weights) rows = gelu(linear(rows, reshape(weight, [4, 4]), null));
    const loss = reduceSum(rows, [0, 1], false);
    const gradients = addGradients(graph, loss, weights.toReversed()).toReversed();
    const placeOf = (value: Value) => graph.nodes.findIndex(({ outputs }) => outputs.includes(value));
    const places = gradients.map(placeOf);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    const slopes = graph.nodes.flatMap(({ operator }, place) => (operator === 'Erf' ? [place] : []));
    expect(slopes).toHaveLength(3);
    expect(Math.max(...slopes)).toBeLessThan(places[0]!);
  });

  it('refuses a loss of several numbers', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', ['batch']);
    expect(() => addGradients(graph, x, [x])).toThrow(GraphError);
    expect(() => addGradients(graph, x, [x])).toThrow('[batch]');
  });

  it('names an operator that it has no rule for', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', [2]);
    const [y] = graph.add('Atan', [x], [{ dtype: 'float32', shape: x.shape }]);
    const build = () => addGradients(graph, total(scale(y as typeof x, 2)), [x]);
    expect(build).toThrow(GraphError);
    expect(build).toThrow('Atan');
  });

  it('refuses to pass through the second result of an operator', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', [2, 3]);
    const { inverseDeviation } = standardize(x, 1e-6);
    expect(() => addGradients(graph, reduceSum(inverseDeviation, [0, 1], false), [x])).toThrow('LayerNormalization');
  });

  it('does not mind such an operator where no gradient passes', () => {
    const graph = new Graph('test');
    const x = graph.input('x', 'float32', [2]);
    const data = graph.input('data', 'float32', [2]);
    const [y] = graph.add('Atan', [data], [{ dtype: 'float32', shape: x.shape }]);
    expect(() => addGradients(graph, total(multiply(y as typeof x, x)), [x])).not.toThrow();
  });
});
