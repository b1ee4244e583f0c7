import { describe, expect, it } from 'vitest';
import { Graph } from '#native-models/onnx/graph.ts';
import { add } from '#native-models/onnx/operators/arithmetic.ts';
import { attention } from '#native-models/onnx/operators/attention.ts';
import { linear } from '#native-models/onnx/operators/matrices.ts';
import { transpose } from '#native-models/onnx/operators/shapes.ts';
import { ModelProto } from '#native-models/onnx/protobuf.ts';
import { serializeGraph } from '#native-models/onnx/serialize.ts';

/** The model as ONNX's protobuf schema reads the bytes. */
// biome-ignore lint/suspicious/noExplicitAny: what protobufjs decodes has no static type, and the test is about its parts.
function decode(graph: Graph): any {
  return ModelProto.toObject(ModelProto.decode(serializeGraph(graph)), { longs: Number, arrays: true });
}

function layer(): Graph {
  const graph = new Graph('layer');
  const x = graph.input('x', 'float32', ['rows', 3]);
  const weight = graph.external('weight', 'float32', [5, 3], { file: 'model.safetensors', byteOffset: 1234567 });
  const shifted = add(linear(x, weight, null), graph.constant('float32', [1], [0.5]));
  graph.output('y', transpose(shifted, [1, 0]));
  return graph;
}

describe('a serialised graph', () => {
  const model = decode(layer());

  it('says which ONNX it is written in', () => {
    expect(model).toMatchObject({
      irVersion: 10,
      producerName: 'patchlight',
      opsetImport: [
        // No domain means ONNX's own.
        { version: 21 },
        { domain: 'com.microsoft', version: 1 },
      ],
    });
  });

  it('declares inputs and outputs with known and named sizes', () => {
    const dims = (list: readonly object[]) => ({ tensorType: { elemType: 1, shape: { dim: list } } });
    expect(model.graph.input).toEqual([{ name: 'x', type: dims([{ dimParam: 'rows' }, { dimValue: 3 }]) }]);
    expect(model.graph.output).toEqual([{ name: 'y', type: dims([{ dimValue: 5 }, { dimParam: 'rows' }]) }]);
  });

  it('refers to weights in their file and carries small constants itself', () => {
    const [weight, constant] = model.graph.initializer;
    expect(weight).toMatchObject({
      name: 'weight',
      dataType: 1,
      dims: [5, 3],
      dataLocation: 1,
      externalData: [
        { key: 'location', value: 'model.safetensors' },
        { key: 'offset', value: '1234567' },
        { key: 'length', value: '60' },
      ],
    });
    expect(weight.rawData).toBeUndefined();
    expect(constant).toMatchObject({ dataType: 1, dims: [1], externalData: [] });
    expect([...constant.rawData]).toEqual([0, 0, 0, 0x3f]);
  });

  it('lists the nodes in order, wired by name', () => {
    const nodes = model.graph.node;
    expect(nodes.map((node: { opType: string }) => node.opType)).toEqual(['Gemm', 'Add', 'Transpose', 'Identity']);
    const [gemm, sum, turn, result] = nodes;
    expect(gemm.input).toEqual(['x', 'weight']);
    expect(sum.input[0]).toBe(gemm.output[0]);
    expect(turn.input).toEqual(sum.output);
    expect(result).toMatchObject({ input: turn.output, output: ['y'] });
    expect(new Set(nodes.map((node: { name: string }) => node.name)).size).toBe(nodes.length);
  });

  it('names each output right behind what computes it', () => {
    const graph = new Graph('outputs');
    const x = graph.input('x', 'float32', [2]);
    const first = add(x, x);
    const second = add(first, x);
    for (const [name, value] of Object.entries({ last: second, early: first, same: first, fed: x })) {
      graph.output(name, value);
    }
    const nodes = decode(graph).graph.node;
    const outputs = nodes.map(({ output }: { output: readonly string[] }) => output[0]);
    expect(outputs).toEqual(['fed', first.name, 'early', 'same', second.name, 'last']);
  });

  it('writes attributes with their kinds', () => {
    const [gemm, , turn] = model.graph.node;
    expect(gemm.attribute).toEqual([{ name: 'transB', type: 2, i: 1, ints: [] }]);
    expect(turn.attribute).toEqual([{ name: 'perm', type: 7, ints: [1, 0] }]);
  });

  it('leaves absent inputs empty and names the domain of a fused operator', () => {
    const graph = new Graph('fused');
    const x = graph.input('x', 'float32', [1, 5, 6]);
    const keyBias = graph.input('bias', 'float32', [1, 1, 1, 5]);
    graph.output('y', attention({ query: x, key: x, value: x, heads: 3, keyBias, fused: true }));
    const fused = decode(graph).graph.node.find((node: { opType: string }) => node.opType === 'MultiHeadAttention');
    expect(fused.domain).toBe('com.microsoft');
    expect(fused.input.slice(0, 5)).toEqual(['x', 'x', 'x', '', '']);
    const scale = fused.attribute.find((attribute: { name: string }) => attribute.name === 'scale');
    expect(scale).toMatchObject({ type: 1 });
    expect(scale.f).toBeCloseTo(1 / Math.sqrt(2), 6);
  });

  it('is the same bytes for the same construction', () => {
    expect(serializeGraph(layer())).toEqual(serializeGraph(layer()));
  });

  it('stays small, however large the weights', () => {
    const graph = new Graph('large');
    const x = graph.input('x', 'float32', ['rows', 20_000]);
    const weight = graph.external('weight', 'float32', [20_000, 20_000], { file: 'f', byteOffset: 0 });
    graph.output('y', linear(x, weight, null));
    expect(serializeGraph(graph).byteLength).toBeLessThan(1000);
  });
});
