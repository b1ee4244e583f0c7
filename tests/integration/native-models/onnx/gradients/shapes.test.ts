import fc from 'fast-check';
import { describe, it } from 'vitest';
import { multiply } from '#native-models/onnx/operators/arithmetic.ts';
import { concat, expand, gather, pad, reshape, slice, transpose } from '#native-models/onnx/operators/shapes.ts';
import { randomTensor } from '../../plain-tensor.ts';
import { expectGradients } from './finite-differences.ts';

const x = randomTensor([2, 3, 4], 1);

describe('the gradient of', () => {
  it('reshape has the old shape', async () => {
    await expectGradients({ x }, ({ x: v }) => reshape(v!, [4, 'rest']));
    await expectGradients({ x }, ({ x: v }) => reshape(v!, ['rest', 4]), { x: ['batch', 3, 4] });
  });

  it.each([[[0, 1, 2]], [[2, 0, 1]], [[1, 2, 0]], [[0, 2, 1]]])('transpose to %j goes back', (order) =>
    expectGradients({ x }, ({ x: v }) => transpose(v!, order)),
  );

  it.each([0, 1, 2])('concat along axis %d is cut into the parts', (axis) =>
    expectGradients({ x, other: randomTensor([2, 3, 4], 2) }, ({ x: a, other: b }) => concat([a!, b!, a!], axis)),
  );

  it('concat along an axis of named sizes is cut into the parts', () =>
    expectGradients({ x, other: randomTensor([2, 1, 4], 2) }, ({ x: a, other: b }) => concat([a!, b!], 1), {
      x: ['batch', 'length', 4],
      other: ['batch', 1, 4],
    }));

  it.each([
    [0, 1, 2],
    [1, 0, 2],
    [2, 3, undefined],
    [-1, 1, 1],
  ])('slice of axis %d from %d to %s has zeros around it', async (axis, start, end) => {
    await expectGradients({ x }, ({ x: v }) => slice(v!, axis, start, end));
    await expectGradients({ x }, ({ x: v }) => slice(v!, axis, start, end), { x: ['batch', 'length', 'dim'] });
  });

  it('slices that overlap is their sum', () =>
    expectGradients({ x }, ({ x: v }) => multiply(slice(v!, 2, 0, 3), slice(v!, 2, 1, 4))));

  it('pad is the middle', () => expectGradients({ x }, ({ x: v }) => pad(v!, 1, 2, 1)));

  it('expand is the sum of the copies', async () => {
    const inputs = { x: randomTensor([1, 3, 1], 3) };
    await expectGradients(inputs, ({ x: v }) => expand(v!, [2, 3, 4]));
    await expectGradients({ ...inputs, like: x }, ({ x: v, like }) => multiply(expand(v!, like!.shape), like!), {
      like: ['batch', 3, 'dim'],
    });
  });
});

describe('the gradient of gather', () => {
  const cases = fc.record({
    axis: fc.integer({ min: 0, max: 2 }),
    count: fc.constantFrom<number[]>([1], [4], [2, 3], [1, 5]),
    seed: fc.nat(1000),
  });

  it('sums what was taken several times, along any axis', async () => {
    const holds = fc.asyncProperty(cases, async ({ axis, count, seed }) => {
      const total = count.reduce((product, size) => product * size, 1);
      // More indices than there are places, so that some repeat; some places are never asked for.
      const numbers = randomTensor([total], seed).numbers.map((r) => Math.floor(((r + 1) / 2) * x.sizes[axis]!));
      await expectGradients({ x }, ({ x: v }, graph) => gather(v!, graph.constant('int64', count, numbers), axis));
    });
    await fc.assert(holds, { numRuns: 15, seed: 2 });
  });

  it.each([[[2, 0, 2, 2, 0]], [[]]])('works for indices that are fed: %j', (indices) =>
    expectGradients(
      { x },
      ({ x: v }, graph) => gather(v!, graph.input('indices', 'int64', ['kept']), 1),
      {},
      { indices: { sizes: [indices.length], numbers: indices } },
    ),
  );
});
