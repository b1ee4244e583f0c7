import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linear } from '#native-models/onnx/operators/matrices.ts';
import type { HostTensor } from '#native-models/runtime/host-tensor.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { meanSquaredError } from '#native-models/training/losses.ts';
import { ParameterSet } from '#native-models/training/parameter-set.ts';
import { StepGraph } from '#native-models/training/step-graph.ts';
import { type TrainingEvent, train } from '#native-models/training/train-loop.ts';
import type { TrainingTask } from '#native-models/training/training-task.ts';
import { adam } from '../../../fixtures/training/settings.ts';

let runtime: InferenceRuntime;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
});
afterAll(() => runtime[Symbol.asyncDispose]());

const SHAPES = new Map([
  ['weight', [1, 2]],
  ['bias', [1]],
  ['unused', [3]],
]);
const floats = (dims: readonly number[], ...numbers: number[]): HostTensor => ({
  dtype: 'float32',
  dims,
  data: Float32Array.from(numbers),
});

/** Mean of (w·x + b − y)² over two samples. */
function regression(trained: readonly string[]): StepGraph {
  const options = { runtime, name: `regression by ${trained}`, shapes: SHAPES };
  return new StepGraph(options, trained, ({ graph, parameters }) => {
    const x = graph.input('x', 'float32', [2, 2]);
    const answer = linear(x, parameters.get('weight', [1, 2]), parameters.get('bias', [1]));
    graph.output('answer', answer);
    return meanSquaredError(answer, graph.input('y', 'float32', [2, 1]));
  });
}

describe('a step graph', () => {
  const x = floats([2, 2], 1, 2, 3, 4);
  const y = floats([2, 1], 0, 1);

  it('gives loss, gradients of what is trained, and other outputs', async () => {
    const parameters = new ParameterSet(SHAPES);
    parameters.get('weight').set([1, -1]);
    parameters.get('bias').set([2]);
    // Answers 1 and 1, errors 1 and 0: loss ½, gradient (2/2)·Σ error·input.
    const { loss, gradients, outputs } = await regression(['weight', 'bias', 'unused']).run([parameters], { x, y });
    expect(loss).toBe(0.5);
    expect([...(outputs.answer?.data ?? [])]).toEqual([1, 1]);
    expect(gradients).toEqual(
      new Map([
        ['weight', Float32Array.of(1, 2)],
        ['bias', Float32Array.of(1)],
        ['unused', new Float32Array(3)],
      ]),
    );
  });

  it('uses the parameters of the moment, the later set before the earlier one', async () => {
    const graph = regression(['bias']);
    const [early, late] = [new ParameterSet(SHAPES), new ParameterSet(new Map([['bias', [1]]]))];
    late.get('bias').set([1]);
    const first = await graph.run([early, late], { x, y });
    expect([first.loss, [...first.gradients.keys()]]).toEqual([0.5, ['bias']]);
    late.get('bias').set([3]);
    expect((await graph.run([early, late], { x, y })).loss).toBe(6.5);
  });

  it('learns what a straight line is made of', async () => {
    const graph = regression(['weight', 'bias']);
    const initial = new ParameterSet(SHAPES).only((name) => name !== 'unused');
    const task: TrainingTask<readonly [number, number][]> = {
      identity: {},
      initial,
      batch: (index) => [
        [Math.sin(3 * index), Math.cos(7 * index)],
        [Math.sin(5 * index + 1), Math.cos(2 * index)],
      ],
      async step(parameters, points) {
        const line = points.map(([a, b]) => 2 * a - 3 * b + 0.5);
        const feeds = { x: floats([2, 2], ...points.flat()), y: floats([2, 1], ...line) };
        return { ...(await graph.run([parameters], feeds)), figures: {} };
      },
    };
    const events: TrainingEvent[] = await Array.fromAsync(train(task, adam(300, 0.1)));
    const last = events.at(-1);
    if (last?.kind !== 'done') throw new Error('The run did not end.');
    [2, -3, 0.5].forEach((expected, i) => void expect(last.parameters.numbers[i]).toBeCloseTo(expected, 2));
  });
});
