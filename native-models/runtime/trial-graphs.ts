import type { FloatType } from '../onnx/dtype.ts';
import { Graph, type Value } from '../onnx/graph.ts';
import { gelu } from '../onnx/operators/arithmetic.ts';
import { attention } from '../onnx/operators/attention.ts';
import { layerNorm, matMul, softmax } from '../onnx/operators/matrices.ts';
import { expand } from '../onnx/operators/shapes.ts';
import { serializeGraph } from '../onnx/serialize.ts';
import type { Feeds, HostTensor } from './host-tensor.ts';
import type { Precision } from './target.ts';

/** A small computation with a known answer. */
export interface Trial {
  readonly graph: Uint8Array;
  readonly feeds: Feeds;
  /** What the output `y` has to be. */
  readonly expected: readonly number[];
}

const ROWS = 4;
const DIM = 8;

/** softmax(gelu(layerNorm(x·w))) of {@link operatorTrial}'s input, computed in 64 bits with PyTorch. */
const EXPECTED_ROWS = [
  [0.0798608, 0.0716575, 0.0840351, 0.1527513, 0.2268052, 0.1992139, 0.1131022, 0.072574],
  [0.245589, 0.23172, 0.1579639, 0.0943297, 0.0687428, 0.0657173, 0.067808, 0.0681293],
  [0.152004, 0.0672878, 0.0601512, 0.0619017, 0.060512, 0.0637305, 0.1253562, 0.4090565],
  [0.0709114, 0.0696474, 0.0671266, 0.0726125, 0.1048765, 0.1712193, 0.2282188, 0.2153873],
];

/** One of each operator that does arithmetic in a transformer block. */
export function operatorTrial(precision: Precision): Trial {
  const graph = new Graph('operators');
  const x = graph.input('x', floatType(precision), ['rows', DIM]);
  const w = graph.input('w', floatType(precision), [DIM, DIM]);
  const gain = graph.constant(x.dtype, [DIM], new Array<number>(DIM).fill(1));
  const bias = graph.constant(x.dtype, [DIM], new Array<number>(DIM).fill(0));
  graph.output('y', softmax(gelu(layerNorm(matMul(x, w), gain, bias, 1e-6)), -1));
  return {
    graph: serializeGraph(graph),
    feeds: {
      x: tensor(precision, [ROWS, DIM], (i) => Math.sin(i + 1)),
      w: tensor(precision, [DIM, DIM], (i) => Math.cos(0.5 * i)),
    },
    expected: EXPECTED_ROWS.flat(),
  };
}

/** One frame's worth of tokens of a 224-pixel model, and one head: long enough for the kernels of real models. */
const LENGTH = 197;
const HEAD_DIM = 64;

/** Fused attention, which providers implement in ways of their own. */
export function attentionTrial(precision: Precision): Trial {
  const graph = new Graph('attention');
  const input = (name: string) => graph.input(name, floatType(precision), ['sequences', LENGTH, HEAD_DIM]);
  const inputs = { query: input('query'), key: input('key'), value: input('value') };
  graph.output('y', attention({ ...inputs, heads: 1, fused: true }));
  const wave = (frequency: number) =>
    Float64Array.from({ length: LENGTH * HEAD_DIM }, (_, i) => Math.sin((i + 1) * frequency));
  const [q, k, v] = [wave(0.37), wave(0.73), wave(1.31)];
  const feed = (numbers: Float64Array) => tensor(precision, [1, LENGTH, HEAD_DIM], (i) => numbers[i] ?? 0);
  return {
    graph: serializeGraph(graph),
    feeds: { query: feed(q), key: feed(k), value: feed(v) },
    expected: attend(q, k, v),
  };
}

/** Width of the base models. */
const MODEL_DIM = 768;

/** Four layers of a real model's width, which take any number of rows: to see how fast a device is. */
export function speedGraph(precision: Precision): Uint8Array {
  const graph = new Graph('speed');
  const x = graph.input('x', floatType(precision), ['rows', MODEL_DIM]);
  // Expanded once, when the session is made, so that only the rows travel to the device.
  const weight = expand(graph.constant(x.dtype, [1, 1], [1 / MODEL_DIM]), [MODEL_DIM, MODEL_DIM]);
  let y: Value<FloatType> = x;
  for (let layer = 0; layer < 4; layer += 1) y = matMul(y, weight);
  graph.output('y', y);
  return serializeGraph(graph);
}

export function speedFeeds(precision: Precision, rows: number): Feeds {
  return { x: tensor(precision, [rows, MODEL_DIM], () => 1) };
}

/**
 * How wrong a device may be, {@link trialError}. Wide enough for the 10 bits of TF32, which CUDA uses for 32-bit products;
 * kernels that are really wrong are off by as much as the numbers themselves.
 */
export const TOLERANCE: Readonly<Record<Precision, number>> = { fp32: 5e-3, fp16: 2e-2 };

/** The distance of `y` from what it should be, over the length of that; infinite when `y` is not finite. */
export function trialError(trial: Trial, y: HostTensor): number {
  if (y.data.length !== trial.expected.length) return Number.POSITIVE_INFINITY;
  const difference = Math.hypot(...trial.expected.map((expected, i) => Number(y.data[i]) - expected));
  return Number.isFinite(difference) ? difference / Math.hypot(...trial.expected) : Number.POSITIVE_INFINITY;
}

/** Attention of one head, in 64 bits: each argument is `[LENGTH, HEAD_DIM]`. */
function attend(q: Float64Array, k: Float64Array, v: Float64Array): number[] {
  const row = (x: Float64Array, index: number) => x.subarray(index * HEAD_DIM, (index + 1) * HEAD_DIM);
  const positions = Array.from({ length: LENGTH }, (_, index) => index);
  return positions.flatMap((position) => {
    const query = row(q, position);
    const weights = positions.map((other) => {
      const product = row(k, other).reduce((sum, key, i) => sum + key * (query[i] ?? 0), 0);
      return Math.exp(product / Math.sqrt(HEAD_DIM));
    });
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const mixed = new Float64Array(HEAD_DIM);
    weights.forEach((weight, other) => {
      row(v, other).forEach((value, i) => {
        mixed[i] = (mixed[i] ?? 0) + (weight / total) * value;
      });
    });
    return [...mixed];
  });
}

function floatType(precision: Precision): FloatType {
  return precision === 'fp16' ? 'float16' : 'float32';
}

function tensor(precision: Precision, dims: readonly number[], number: (index: number) => number): HostTensor {
  const length = dims.reduce((product, size) => product * size, 1);
  const numbers = Float32Array.from({ length }, (_, i) => number(i));
  return precision === 'fp16'
    ? { dtype: 'float16', dims, data: Float16Array.from(numbers) }
    : { dtype: 'float32', dims, data: numbers };
}
