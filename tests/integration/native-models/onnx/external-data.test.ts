import { describe, expect, it } from 'vitest';
import { add, cast } from '#native-models/onnx/operators/arithmetic.ts';
import { linear } from '#native-models/onnx/operators/matrices.ts';
import { concat, reshape } from '#native-models/onnx/operators/shapes.ts';
import { at, largestDifference, randomTensor, sum, tensor } from '../plain-tensor.ts';
import { runOnce } from '../run-graph.ts';

/** A file with `numbers` as float32 (or float16) from `byteOffset`; every other byte is 0xff. */
function fileWith(numbers: readonly number[], byteOffset: number, array: typeof Float32Array | typeof Float16Array) {
  const content = array.from(numbers);
  const bytes = new Uint8Array(byteOffset + content.byteLength + 3).fill(0xff);
  bytes.set(new Uint8Array(content.buffer), byteOffset);
  return { name: 'weights', bytes };
}

describe('weights in a file beside the graph', () => {
  const weight = randomTensor([5, 3], 1);
  const x = randomTensor([2, 3], 2);
  const product = tensor([2, 5], (i, j) => sum(3, (k) => at(x, i, k) * at(weight, j, k)));

  it.each([0, 4, 1, 7, 4097])('are read from byte %d, aligned or not', async (byteOffset) => {
    const y = await runOnce(
      (graph) => {
        const stored = graph.external('weight', 'float32', [5, 3], { file: 'weights', byteOffset });
        graph.output('y', linear(graph.input('x', 'float32', [2, 3]), stored, null));
      },
      { x },
      [fileWith(weight.numbers, byteOffset, Float32Array)],
    );
    expect(largestDifference(y.numbers, product.numbers)).toBeLessThan(1e-6);
  });

  it('may share bytes: a part of a tensor is another offset into it', async () => {
    const y = await runOnce(
      (graph) => {
        const stored = (name: string, sizes: readonly number[], byteOffset: number) =>
          graph.external(name, 'float32', sizes, { file: 'weights', byteOffset });
        const all = stored('all', [15], 1);
        const middle = stored('middle', [3], 1 + 4 * 6);
        const again = stored('again', [15], 1);
        graph.output('y', concat([add(all, again), middle], 0));
      },
      {},
      [fileWith(weight.numbers, 1, Float32Array)],
    );
    const stored = Float32Array.from(weight.numbers);
    expect(y.numbers).toEqual([...stored.map((w) => 2 * w), ...stored.slice(6, 9)]);
  });

  it('in half precision are widened where the graph computes in full', async () => {
    const y = await runOnce(
      (graph) => {
        const stored = graph.external('weight', 'float16', [15], { file: 'weights', byteOffset: 3 });
        graph.output('y', reshape(cast(stored, 'float32'), [5, 3]));
      },
      {},
      [fileWith(weight.numbers, 3, Float16Array)],
    );
    expect(y).toEqual({ sizes: [5, 3], numbers: [...Float16Array.from(weight.numbers)] });
  });

  it('beyond the end of the file are an error', async () => {
    const run = runOnce(
      (graph) => {
        const stored = graph.external('weight', 'float32', [15], { file: 'weights', byteOffset: 100 });
        graph.output('y', add(stored, stored));
      },
      {},
      [fileWith(weight.numbers, 0, Float32Array)],
    );
    await expect(run).rejects.toThrow(/weight|external/i);
  });
});
