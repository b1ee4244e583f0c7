import type { Shape } from './dim.ts';
import { DTYPES, type DType } from './dtype.ts';
import type { Attribute, Graph, GraphNode, Initializer, Value } from './graph.ts';
import { ModelProto } from './protobuf.ts';

/** ONNX 1.17: opset 21 (Gelu is an operator since 20), IR version 10. */
const OPSET = 21;
const IR_VERSION = 10;

/** `AttributeProto.AttributeType`. */
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** `TensorProto.DataLocation.EXTERNAL`. */
const EXTERNAL = 1;

/** The graph as the bytes of an `.onnx` file: a few kB, with external data referred to by file name. */
export function serializeGraph(graph: Graph): Uint8Array {
  const message = ModelProto.create({
    irVersion: IR_VERSION,
    producerName: 'patchlight',
    opsetImport: [
      { domain: '', version: OPSET },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: {
      name: graph.name,
      node: nodeProtos(graph),
      initializer: graph.initializers.map(tensorProto),
      input: graph.inputs.map((value) => valueInfo(value.name, value)),
      output: graph.outputs.map(({ name, value }) => valueInfo(name, value)),
    },
  });
  return ModelProto.encode(message).finish();
}

/**
 * All nodes, and one for each output of the graph, right behind what computes it: onnxruntime begins with the last node
 * that nothing follows, and an output at the end would make it compute the rest in an order that holds memory longer.
 */
function nodeProtos(graph: Graph): object[] {
  const made = new Set(graph.nodes.flatMap((node) => node.outputs));
  const naming = ({ name, value }: Graph['outputs'][number]) => ({
    opType: 'Identity',
    name,
    input: [value.name],
    output: [name],
  });
  return [
    ...graph.outputs.filter(({ value }) => !made.has(value)).map(naming),
    ...graph.nodes.flatMap((node, index) => [
      nodeProto(node, index),
      ...graph.outputs.filter(({ value }) => node.outputs.includes(value)).map(naming),
    ]),
  ];
}

function nodeProto(node: GraphNode, index: number): object {
  return {
    name: `${node.operator}_${index}`,
    opType: node.operator,
    domain: node.domain,
    input: node.inputs.map((value) => value?.name ?? ''),
    output: node.outputs.map((value) => value.name),
    attribute: Object.entries(node.attributes).map(([name, attribute]) => attributeProto(name, attribute)),
  };
}

function attributeProto(name: string, attribute: Attribute): object {
  const type = ATTRIBUTE_TYPE[attribute.kind];
  switch (attribute.kind) {
    case 'float':
      return { name, type, f: attribute.value };
    case 'int':
      return { name, type, i: attribute.value };
    case 'string':
      return { name, type, s: new TextEncoder().encode(attribute.value) };
    case 'ints':
      return { name, type, ints: attribute.value };
  }
}

function tensorProto({ value, data }: Initializer): object {
  const common = { name: value.name, dataType: DTYPES[value.dtype].onnx, dims: value.shape.map((dim) => dim.constant) };
  if (data.kind === 'inline') return { ...common, rawData: data.bytes };
  return {
    ...common,
    dataLocation: EXTERNAL,
    externalData: [
      { key: 'location', value: data.file },
      { key: 'offset', value: String(data.byteOffset) },
      { key: 'length', value: String(data.byteLength) },
    ],
  };
}

function valueInfo(name: string, value: Value<DType>): object {
  return { name, type: { tensorType: { elemType: DTYPES[value.dtype].onnx, shape: shapeProto(value.shape) } } };
}

function shapeProto(shape: Shape): object {
  return {
    dim: shape.map((dim) => (dim.constant === undefined ? { dimParam: String(dim) } : { dimValue: dim.constant })),
  };
}
