import { describe, expect, it } from 'vitest';
import { interpreterScores } from '#native-models/architectures/interpreter.ts';
import { storedParameters } from '#native-models/architectures/parameters.ts';
import { at, largestDifference, type PlainTensor, randomTensor, sum, tensor } from '../plain-tensor.ts';
import { loadGraph } from '../run-graph.ts';
import { goldenSelection } from './golden-model.ts';

const DIM = 48;
const HEADS = 6;
const HEAD_DIM = DIM / HEADS;

/** `I_i = mean over heads of sigmoid(q_CLS · k_i / √(dim/heads))`, as the released tool computes it. */
function reference(tokens: PlainTensor, weight: PlainTensor, bias: PlainTensor): PlainTensor {
  const [batch, length] = tokens.sizes as [number, number];
  const normalised = tensor(tokens.sizes, (b, t, c) => {
    const mean = sum(DIM, (i) => at(tokens, b, t, i)) / DIM;
    const variance = sum(DIM, (i) => (at(tokens, b, t, i) - mean) ** 2) / DIM;
    return (at(tokens, b, t, c) - mean) / Math.sqrt(variance + 1e-5);
  });
  const output = (b: number, t: number, row: number) =>
    sum(DIM, (i) => at(weight, row, i) * at(normalised, b, t, i)) + at(bias, row);
  return tensor([batch, length], (b, t) => {
    const sigmoids = Array.from({ length: HEADS }, (_, h) => {
      const product = sum(HEAD_DIM, (i) => output(b, 0, h * HEAD_DIM + i) * output(b, t, DIM + h * HEAD_DIM + i));
      return 1 / (1 + Math.exp(-product / Math.sqrt(HEAD_DIM)));
    });
    return sum(HEADS, (h) => sigmoids[h]!) / HEADS;
  });
}

describe('the multi-head interpreter', () => {
  it.each([1, 1e-2, 3e-3])('scores tokens of size %d as the definition says', async (size) => {
    const { weights, file, expected } = await goldenSelection('joint_space_time');
    const run = await loadGraph(
      (graph) => {
        const tokens = graph.input('tokens', 'float32', ['batch', 9, DIM]);
        const parameters = storedParameters(graph, file.name, weights, 'float32');
        graph.output('scores', interpreterScores(parameters, tokens, 'interpreter.0.qk', HEADS));
      },
      [file],
    );
    // Small tokens show that the normalisation has the released tool's epsilon.
    const random = randomTensor([2, 9, DIM], 1);
    const tokens = { ...random, numbers: random.numbers.map((number) => number * size) };
    const { scores } = await run({ tokens });
    const wanted = reference(tokens, expected['interpreter.qk.weight']!, expected['interpreter.qk.bias']!);
    expect(scores!.sizes).toEqual([2, 9]);
    expect(largestDifference(scores!.numbers, wanted.numbers)).toBeLessThan(1e-5);
  });
});
