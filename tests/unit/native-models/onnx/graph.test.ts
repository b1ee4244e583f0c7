import { describe, expect, it } from 'vitest';
import { GraphError } from '#contract/errors.ts';
import { formatShape } from '#native-models/onnx/dim.ts';
import { Graph } from '#native-models/onnx/graph.ts';
import { add } from '#native-models/onnx/operators/arithmetic.ts';

describe('names in a graph', () => {
  it('are given once, whatever they name', () => {
    const graph = new Graph('names');
    const x = graph.input('x', 'float32', [2]);
    expect(() => graph.input('x', 'float32', [2])).toThrow(GraphError);
    expect(() => graph.output('x', x)).toThrow(/already has a value called "x"/);
    expect(() => graph.external('x', 'float32', [2], { file: 'weights', byteOffset: 0 })).toThrow(GraphError);
  });

  it('differ for every value that an operator makes', () => {
    const graph = new Graph('names');
    const x = graph.input('x', 'float32', [2]);
    const made = [add(x, x), add(x, x), graph.constant('float32', [1], [1]), graph.constant('float32', [1], [2])];
    expect(new Set([x, ...made].map((value) => value.name)).size).toBe(5);
  });

  it('may be those that an operator would have chosen', () => {
    const graph = new Graph('names');
    const x = graph.input('x', 'float32', [2]);
    graph.input('Add_2', 'float32', [2]);
    expect(add(x, x).name).not.toBe('Add_2');
  });
});

describe('a value', () => {
  it('knows its element type and shape', () => {
    const x = new Graph('g').input('x', 'float16', ['batch', 3]);
    expect([x.dtype, formatShape(x.shape)]).toEqual(['float16', '[batch, 3]']);
  });

  it('of another graph is refused', () => {
    const here = new Graph('here').input('x', 'float32', [2]);
    const there = new Graph('there');
    const foreign = there.input('y', 'float32', [2]);
    expect(() => add(here, foreign)).toThrow(/"here" was given "y" of graph "there"/);
    expect(() => there.output('z', here)).toThrow(/"x" belongs to graph "here"/);
  });
});

describe('constants', () => {
  it('are shared when type, shape and numbers agree', () => {
    const graph = new Graph('constants');
    const one = graph.constant('float32', [2], [1, 2]);
    expect(graph.constant('float32', [2], [1, 2])).toBe(one);
    expect(graph.constant('float32', [1, 2], [1, 2])).not.toBe(one);
    expect(graph.constant('float16', [2], [1, 2])).not.toBe(one);
    expect(graph.constant('float32', [2], [1, 3])).not.toBe(one);
    expect(graph.initializers).toHaveLength(4);
  });

  it('must have as many numbers as their shape', () => {
    expect(() => new Graph('g').constant('int64', [2, 2], [1, 2, 3])).toThrow(/\[2, 2\] cannot hold 3 numbers/);
  });

  it.each([
    ['float32', [1.5, -2], [0x00, 0x00, 0xc0, 0x3f, 0x00, 0x00, 0x00, 0xc0]],
    ['float16', [1.5, -2], [0x00, 0x3e, 0x00, 0xc0]],
    ['int64', [1, -2], [1, 0, 0, 0, 0, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]],
    ['int32', [1, -2], [1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff]],
    ['uint8', [1, 255], [1, 255]],
    ['bool', [1, 0], [1, 0]],
  ] as const)('are packed as little-endian %s', (dtype, numbers, bytes) => {
    const graph = new Graph('g');
    graph.constant(dtype, [2], numbers);
    const data = graph.initializers[0]!.data;
    expect(data.kind === 'inline' && [...data.bytes]).toEqual(bytes);
  });
});

describe('external tensors', () => {
  it('of the same stretch, type and shape are one value', () => {
    const graph = new Graph('external');
    const at = { file: 'model.safetensors', byteOffset: 10 };
    const first = graph.external('a', 'float32', [2, 3], at);
    expect(graph.external('b', 'float32', [2, 3], at)).toBe(first);
    expect(graph.external('c', 'float32', [3, 2], at)).not.toBe(first);
    expect(graph.external('d', 'float16', [2, 3], at)).not.toBe(first);
    expect(graph.external('e', 'float32', [2, 3], { ...at, byteOffset: 11 })).not.toBe(first);
    expect(graph.external('f', 'float32', [2, 3], { ...at, file: 'other' })).not.toBe(first);
    expect(graph.initializers).toHaveLength(5);
  });

  it('say how many bytes they cover', () => {
    const graph = new Graph('external');
    graph.external('a', 'float16', [2, 3], { file: 'f', byteOffset: 7 });
    expect(graph.initializers[0]!.data).toEqual({ kind: 'external', file: 'f', byteOffset: 7, byteLength: 12 });
  });
});

describe('a graph', () => {
  it('keeps its nodes in the order in which they can run', () => {
    const graph = new Graph('order');
    const x = graph.input('x', 'float32', ['n']);
    const twice = add(x, x);
    const thrice = add(twice, x);
    graph.output('y', thrice);
    expect(graph.nodes.map(({ inputs, outputs }) => [inputs, outputs])).toEqual([
      [[x, x], [twice]],
      [[twice, x], [thrice]],
    ]);
    expect(graph.outputs).toEqual([{ name: 'y', value: thrice }]);
  });

  it('finds the input axis that a named size is read from', () => {
    const graph = new Graph('sizes');
    const x = graph.input('x', 'float32', [3, 'kept']);
    expect(graph.sourceOf('kept')).toEqual({ input: x, axis: 1 });
    expect(() => graph.sourceOf('batch')).toThrow(/No input of graph "sizes" has "batch"/);
  });
});
