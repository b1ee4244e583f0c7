import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { DType } from '#native-models/onnx/dtype.ts';
import { Graph } from '#native-models/onnx/graph.ts';
import { serializeGraph } from '#native-models/onnx/serialize.ts';
import type { PlainTensor } from './plain-tensor.ts';

export interface GraphFile {
  /** What the graph calls the file. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export type Provider = 'cpu' | 'webgpu';

export type Run = (feeds: Readonly<Record<string, PlainTensor>>) => Promise<Readonly<Record<string, PlainTensor>>>;

/** Builds a graph and loads it into onnxruntime, in this process; the result runs it as often as wanted. */
export async function loadGraph(
  build: (graph: Graph) => void,
  files: readonly GraphFile[] = [],
  provider: Provider = 'cpu',
): Promise<Run> {
  const graph = new Graph('test');
  build(graph);
  const session = await InferenceSession.create(serializeGraph(graph), {
    executionProviders: [provider],
    externalData: files.map(({ name, bytes }) => ({ path: name, data: bytes })),
    logSeverityLevel: 4,
  });
  return async (feeds) => {
    const inputs = graph.inputs.map(({ name, dtype }) => [name, toOrt(feeds[name]!, dtype)] as const);
    const outputs = await session.run(Object.fromEntries(inputs));
    return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, fromOrt(output)]));
  };
}

/** One run of a graph whose only output is `y`. */
export async function runOnce(
  build: (graph: Graph) => void,
  feeds: Readonly<Record<string, PlainTensor>> = {},
  files: readonly GraphFile[] = [],
): Promise<PlainTensor> {
  const run = await loadGraph(build, files);
  return (await run(feeds)).y!;
}

function toOrt({ sizes, numbers }: PlainTensor, dtype: DType): Tensor {
  switch (dtype) {
    case 'float32':
      return new Tensor('float32', Float32Array.from(numbers), sizes);
    case 'float16':
      // onnxruntime-node 1.30 finds 0 bytes in a Float16Array, and makes one of every Uint16Array.
      throw new TypeError('Half precision cannot be fed: feed float32 and cast in the graph.');
    case 'int64':
      return new Tensor('int64', BigInt64Array.from(numbers, BigInt), sizes);
    case 'int32':
      return new Tensor('int32', Int32Array.from(numbers), sizes);
    case 'uint8':
    case 'bool':
      return new Tensor(dtype, Uint8Array.from(numbers), sizes);
  }
}

function fromOrt({ data, dims, type }: Tensor): PlainTensor {
  if (data instanceof Uint16Array && type === 'float16') {
    return { sizes: dims, numbers: [...new Float16Array(data.buffer, data.byteOffset, data.length)] };
  }
  return { sizes: dims, numbers: Array.from(data as ArrayLike<number | bigint>, Number) };
}
