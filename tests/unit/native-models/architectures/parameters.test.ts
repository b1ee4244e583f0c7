import { describe, expect, it } from 'vitest';
import { GraphError } from '#contract/errors.ts';
import { interpreterScores } from '#native-models/architectures/interpreter.ts';
import { type StoredWeight, storedParameters } from '#native-models/architectures/parameters.ts';
import { formatShape } from '#native-models/onnx/dim.ts';
import { Graph } from '#native-models/onnx/graph.ts';

const WEIGHTS: ReadonlyMap<string, StoredWeight> = new Map([
  ['wide', { dtype: 'float32', shape: [6, 4], byteOffset: 100 }],
  ['narrow', { dtype: 'float16', shape: [6, 4], byteOffset: 500 }],
]);

const parametersOf = (dtype: 'float32' | 'float16') => {
  const graph = new Graph('model');
  return { graph, parameters: storedParameters(graph, 'file', WEIGHTS, dtype) };
};

describe('stored parameters', () => {
  it('are stretches of their file', () => {
    const { graph, parameters } = parametersOf('float32');
    expect(formatShape(parameters.get('wide', [6, 4]).shape)).toBe('[6, 4]');
    parameters.part('wide', 8, [2, 4]);
    expect(graph.initializers.map(({ data }) => data)).toEqual([
      { kind: 'external', file: 'file', byteOffset: 100, byteLength: 96 },
      { kind: 'external', file: 'file', byteOffset: 132, byteLength: 32 },
    ]);
  });

  it('count half-precision elements in two bytes', () => {
    const { graph, parameters } = parametersOf('float16');
    parameters.part('narrow', 8, [2, 4]);
    expect(graph.initializers[0]!.data).toEqual({ kind: 'external', file: 'file', byteOffset: 516, byteLength: 16 });
    expect(graph.nodes).toHaveLength(0);
  });

  it('are converted where the graph computes in another type', () => {
    const { graph, parameters } = parametersOf('float16');
    expect(parameters.get('wide', [24]).dtype).toBe('float16');
    expect(graph.nodes.map((node) => node.operator)).toEqual(['Cast']);
  });

  it('may be asked for twice', () => {
    const { graph, parameters } = parametersOf('float32');
    expect(parameters.get('wide', [6, 4])).toBe(parameters.get('wide', [6, 4]));
    expect(parameters.get('wide', [4, 6])).not.toBe(parameters.get('wide', [6, 4]));
    expect(graph.initializers).toHaveLength(2);
  });

  it('that are missing are named', () => {
    const { parameters } = parametersOf('float32');
    expect(() => parameters.get('blocks.0.norm1.weight', [4])).toThrow(/no parameter "blocks\.0\.norm1\.weight"/);
  });

  it('must have the elements that the architecture wants', () => {
    const { parameters } = parametersOf('float32');
    expect(() => parameters.get('wide', [6, 5])).toThrow(GraphError);
    expect(() => parameters.get('wide', [6, 5])).toThrow('"wide" has shape [6,4], and the architecture wants [6,5]');
    expect(() => parameters.part('wide', 20, [5])).toThrow('[6,4] cannot be read as [5] from element 20');
    expect(() => parameters.part('wide', -1, [5])).toThrow(GraphError);
  });
});

describe('an interpreter', () => {
  it('must have heads that divide the tokens', () => {
    const { graph, parameters } = parametersOf('float32');
    const tokens = graph.input('tokens', 'float32', ['batch', 5, 4]);
    const scores = () => interpreterScores(parameters as never, tokens, 'interpreter.0.qk', 3);
    expect(scores).toThrow('3 interpreter heads do not divide tokens of 4 numbers');
  });
});
