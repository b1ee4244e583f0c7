import { describe, expect, it } from 'vitest';
import { GraphError } from '#contract/errors.ts';
import { trainableParameters } from '#native-models/architectures/trainable-parameters.ts';
import { formatShape } from '#native-models/onnx/dim.ts';
import { Graph } from '#native-models/onnx/graph.ts';

const SHAPES = new Map([
  ['weight', [6, 4]],
  ['bias', [6]],
  ['unused', [3]],
]);

const parametersOf = (dtype: 'float32' | 'float16') => {
  const graph = new Graph('model');
  return { graph, parameters: trainableParameters(graph, SHAPES, dtype) };
};

describe('trainable parameters', () => {
  it('are inputs of the graph, those that the architecture asks for', () => {
    const { graph, parameters } = parametersOf('float32');
    const weight = parameters.get('weight', [6, 4]);
    parameters.get('bias', [6]);
    expect(graph.inputs.map(({ name, shape }) => `${name} ${formatShape(shape)}`)).toEqual([
      'weight [6, 4]',
      'bias [6]',
    ]);
    expect([...parameters.inputs.keys()]).toEqual(['weight', 'bias']);
    expect(parameters.inputs.get('weight')).toBe(weight);
  });

  it('are one input however they are read', () => {
    const { graph, parameters } = parametersOf('float32');
    expect(formatShape(parameters.get('weight', [2, 12]).shape)).toBe('[2, 12]');
    expect(formatShape(parameters.part('weight', 8, [2, 4]).shape)).toBe('[2, 4]');
    expect(graph.inputs).toHaveLength(1);
  });

  it('stay float32 where the graph computes in half precision', () => {
    const { parameters } = parametersOf('float16');
    expect(parameters.get('weight', [6, 4]).dtype).toBe('float16');
    expect(parameters.inputs.get('weight')?.dtype).toBe('float32');
  });

  it('that are missing, or do not fit, are refused', () => {
    const { parameters } = parametersOf('float32');
    expect(() => parameters.get('gain', [6])).toThrow('"gain"');
    expect(() => parameters.get('bias', [7])).toThrow(GraphError);
    expect(() => parameters.part('weight', 20, [2, 4])).toThrow(GraphError);
  });
});
