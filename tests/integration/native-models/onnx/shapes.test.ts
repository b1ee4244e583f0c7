import { describe, expect, it } from 'vitest';
import { Dim } from '#native-models/onnx/dim.ts';
import {
  concat,
  expand,
  gather,
  pad,
  reshape,
  scatterAdd,
  slice,
  transpose,
  zeros,
} from '#native-models/onnx/operators/shapes.ts';
import { at, randomTensor, sum, tensor } from '../plain-tensor.ts';
import { loadGraph, runOnce } from '../run-graph.ts';

/** Numbers that float32 holds exactly, so that moved elements can be compared for equality. */
const whole = (sizes: readonly number[]) => {
  let next = 0;
  return tensor(sizes, () => next++);
};

describe('reshape', () => {
  it('keeps the elements in order', async () => {
    const x = whole([2, 6]);
    const y = await runOnce((graph) => graph.output('y', reshape(graph.input('x', 'float32', [2, 6]), [3, 'rest'])), {
      x,
    });
    expect(y).toEqual({ sizes: [3, 4], numbers: x.numbers });
  });

  it('follows one named size from run to run', async () => {
    const run = await loadGraph((graph) => {
      graph.output('y', reshape(graph.input('x', 'float32', ['batch', 4, 3]), ['rest', 3]));
    });
    for (const batch of [1, 5, 2]) {
      const x = whole([batch, 4, 3]);
      expect((await run({ x })).y).toEqual({ sizes: [batch * 4, 3], numbers: x.numbers });
    }
  });

  it('computes the shape while it runs when several sizes are unknown', async () => {
    const run = await loadGraph((graph) => {
      const x = graph.input('x', 'float32', [Dim.of('batch').times('frames').times(2)]);
      graph.input('like', 'float32', ['frames', 'batch']);
      graph.output('y', reshape(x, ['batch', 2, 'frames']));
    });
    for (const [batch, frames] of [
      [1, 1],
      [3, 2],
      [2, 5],
    ] as const) {
      const x = whole([batch * frames * 2]);
      const { y } = await run({ x, like: whole([frames, batch]) });
      expect(y).toEqual({ sizes: [batch, 2, frames], numbers: x.numbers });
    }
  });

  it('computes sizes that are sums', async () => {
    const run = await loadGraph((graph) => {
      const kept = graph.input('kept', 'float32', ['kept', 1]);
      const rows = concat([graph.constant('float32', [1, 1], [7]), kept], 0);
      const length = Dim.of('kept').plus(1);
      const grid = expand(reshape(rows, [1, length]), [length, length]);
      graph.output('y', reshape(grid, [length.times(length)]));
    });
    for (const n of [0, 1, 4]) {
      const { y } = await run({ kept: whole([n, 1]) });
      const row = [7, ...whole([n]).numbers];
      expect(y).toEqual({ sizes: [(n + 1) ** 2], numbers: Array.from({ length: n + 1 }, () => row).flat() });
    }
  });
});

describe('transpose', () => {
  it('puts axis order[i] of the input at i', async () => {
    const run = await loadGraph((graph) => {
      graph.output('y', transpose(graph.input('x', 'float32', ['a', 3, 'b']), [2, 0, 1]));
    });
    for (const [a, b] of [
      [2, 4],
      [1, 1],
    ] as const) {
      const x = whole([a, 3, b]);
      expect((await run({ x })).y).toEqual(tensor([b, a, 3], (i, j, k) => at(x, j, k, i)));
    }
  });
});

describe('concat', () => {
  it('puts parts one after another', async () => {
    const [a, b] = [whole([2, 1]), randomTensor([2, 3], 1)];
    const y = await runOnce(
      (graph) =>
        graph.output('y', concat([graph.input('a', 'float32', [2, 1]), graph.input('b', 'float32', [2, 'n'])], -1)),
      { a, b },
    );
    expect(y).toEqual(tensor([2, 4], (i, j) => (j === 0 ? at(a, i, 0) : at(b, i, j - 1))));
  });

  it('takes an empty part', async () => {
    const run = await loadGraph((graph) => {
      graph.output('y', concat([graph.constant('int64', [1], [0]), graph.input('rows', 'int64', ['kept'])], 0));
    });
    expect((await run({ rows: tensor([0], () => 0) })).y).toEqual({ sizes: [1], numbers: [0] });
    expect((await run({ rows: tensor([2], (i) => i + 5) })).y).toEqual({ sizes: [3], numbers: [0, 5, 6] });
  });
});

describe('slice', () => {
  it.each([
    [0, 1],
    [1, 3],
    [2, undefined],
    [0, undefined],
    [2, 2],
  ])('takes %j:%j', async (start, end) => {
    const x = whole([2, 4]);
    const y = await runOnce((graph) => graph.output('y', slice(graph.input('x', 'float32', [2, 4]), 1, start, end)), {
      x,
    });
    expect(y).toEqual(tensor([2, (end ?? 4) - start], (i, j) => at(x, i, j + start)));
  });

  it('takes the rest of an axis whose size is not known', async () => {
    const run = await loadGraph((graph) => {
      graph.output('y', slice(graph.input('x', 'float32', ['n', 2]), 0, 1));
    });
    for (const n of [1, 2, 5]) {
      const x = whole([n, 2]);
      expect((await run({ x })).y).toEqual(tensor([n - 1, 2], (i, j) => at(x, i + 1, j)));
    }
  });
});

describe('gather', () => {
  it('puts rows where the indices say', async () => {
    const run = await loadGraph((graph) => {
      const x = graph.input('x', 'float32', ['kept', 3]);
      graph.output('y', gather(x, graph.input('slots', 'int64', ['rows', 'places']), 0));
    });
    const x = whole([4, 3]);
    const slots = tensor([2, 3], (i, j) => [3, 0, 0, 1, 1, 2][i * 3 + j]!);
    const { y } = await run({ x, slots });
    expect(y).toEqual(tensor([2, 3, 3], (i, j, k) => at(x, at(slots, i, j), k)));
  });

  it('works along an inner axis, and with no index at all', async () => {
    const run = await loadGraph((graph) => {
      const x = graph.input('x', 'float32', [2, 4, 3]);
      graph.output('y', gather(x, graph.input('rows', 'int64', ['kept']), 1));
    });
    const x = whole([2, 4, 3]);
    for (const rows of [[2, 0], [], [3, 3, 1]]) {
      const { y } = await run({ x, rows: tensor([rows.length], (i) => rows[i]!) });
      expect(y).toEqual(tensor([2, rows.length, 3], (i, j, k) => at(x, i, rows[j]!, k)));
    }
  });
});

describe('pad', () => {
  it('puts zeros around an axis, as many as are known when it runs', async () => {
    const run = await loadGraph((graph) => {
      const x = graph.input('x', 'float32', [2, 'length', 2]);
      graph.input('like', 'float32', ['more']);
      graph.output('y', pad(x, 1, 1, Dim.of('more')));
    });
    const x = whole([2, 3, 2]);
    for (const more of [1, 4]) {
      const { y } = await run({ x, like: whole([more]) });
      expect(y).toEqual(tensor([2, 4 + more, 2], (i, j, k) => (j >= 1 && j < 4 ? at(x, i, j - 1, k) : 0)));
    }
  });
});

describe('scatter', () => {
  it.each([0, 1])('adds up what comes to the same place of axis %d', async (axis) => {
    const [x, places] = [whole([4, 4]), [2, 0, 2, 2]];
    const y = await runOnce(
      (graph) => {
        const indices = graph.input('indices', 'int64', ['kept']);
        graph.output(
          'y',
          scatterAdd(graph.input('x', 'float32', axis === 0 ? ['kept', 4] : [4, 'kept']), indices, axis, 3),
        );
      },
      { x, indices: tensor([4], (i) => places[i]!) },
    );
    const total = (place: number, other: number) =>
      sum(4, (i) => (places[i] === place ? (axis === 0 ? at(x, i, other) : at(x, other, i)) : 0));
    expect(y).toEqual(axis === 0 ? tensor([3, 4], total) : tensor([4, 3], (i, j) => total(j, i)));
  });
});

describe('zeros', () => {
  it('come in any shape', async () => {
    const run = await loadGraph((graph) => {
      graph.input('like', 'float32', ['batch']);
      graph.output('y', zeros(graph, 'float32', ['batch', 2]));
    });
    expect((await run({ like: whole([3]) })).y).toEqual(tensor([3, 2], () => 0));
  });
});

describe('expand', () => {
  it('repeats along axes of size one, to sizes known when it runs', async () => {
    const run = await loadGraph((graph) => {
      graph.input('like', 'float32', ['batch', 'frames']);
      graph.output('y', expand(graph.input('x', 'float32', [1, 3, 1]), ['batch', 3, 'frames']));
    });
    const x = whole([1, 3, 1]);
    for (const [batch, frames] of [
      [1, 1],
      [2, 4],
      [3, 1],
    ] as const) {
      const { y } = await run({ x, like: whole([batch, frames]) });
      expect(y).toEqual(tensor([batch, 3, frames], (_i, j, _k) => at(x, 0, j, 0)));
    }
  });
});
