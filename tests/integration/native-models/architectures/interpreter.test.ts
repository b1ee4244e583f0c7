import { describe, expect, it } from 'vitest';
import { interpreterScores } from '#native-models/architectures/interpreter.ts';
import { storedParameters } from '#native-models/architectures/parameters.ts';
import { trainableParameters } from '#native-models/architectures/trainable-parameters.ts';
import { reshape } from '#native-models/onnx/operators/shapes.ts';
import { expectGradients } from '../onnx/gradients/finite-differences.ts';
import { largestDifference, type PlainTensor, randomTensor, tensor } from '../plain-tensor.ts';
import { loadGraph } from '../run-graph.ts';
import { goldenSelection } from './golden-model.ts';
import { plainScores } from './plain-interpreter.ts';

const DIM = 48;
const HEADS = 6;

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
    const [weight, bias] = [expected['interpreter.qk.weight']!, expected['interpreter.qk.bias']!];
    const wanted = plainScores(tokens, { heads: HEADS, weight, bias });
    expect(scores!.sizes).toEqual([2, 9]);
    expect(largestDifference(scores!.numbers, wanted.numbers)).toBeLessThan(1e-5);
  });
});

describe('a motion-aware interpreter', () => {
  const dim = 12;
  const heads = 3;
  const shapes = new Map([
    ['qk.weight', [2 * dim, dim]],
    ['qk.bias', [2 * dim]],
    ['motion.weight', [dim, dim]],
  ]);
  const weight = randomTensor([2 * dim, dim], 2);
  const bias = randomTensor([2 * dim], 3);
  const motionWeight = randomTensor([dim, dim], 4);
  /** So that sigmoids are not too bent for differences. */
  const gentle = ({ sizes, numbers }: PlainTensor) => ({ sizes, numbers: numbers.map((number) => 0.1 * number) });
  const feeds = { 'qk.weight': weight, 'qk.bias': bias, 'motion.weight': motionWeight };
  const load = (frames: number, patches: number) =>
    loadGraph((graph) => {
      const tokens = graph.input('tokens', 'float32', ['batch', 1 + patches * frames, dim]);
      const parameters = trainableParameters(graph, shapes, 'float32');
      graph.output('scores', interpreterScores(parameters, tokens, 'qk', heads, { name: 'motion', frames }));
      graph.output('still', interpreterScores(parameters, tokens, 'qk', heads));
    });

  it.each([
    [2, 4],
    [3, 4],
    [8, 1],
  ])('scores tokens of %d frames as the definition says', async (frames, patches) => {
    const run = await load(frames, patches);
    const tokens = randomTensor([2, 1 + patches * frames, dim], 5);
    const { scores, still } = await run({ ...feeds, tokens });
    const wanted = plainScores(tokens, { heads, weight, bias, motion: { weight: motionWeight, frames } });
    expect(largestDifference(scores!.numbers, wanted.numbers)).toBeLessThan(1e-5);
    expect(largestDifference(scores!.numbers, still!.numbers)).toBeGreaterThan(0.01);
  });

  it('scores what stands still as one that sees no motion does', async () => {
    const [frames, patches] = [4, 3];
    const run = await load(frames, patches);
    const places = randomTensor([1 + patches, dim], 6);
    const place = (token: number) => (token === 0 ? 0 : 1 + Math.floor((token - 1) / frames));
    // The second patch moves in the last of its frames, which the frame before it cannot know.
    const tokens = tensor([1, 1 + patches * frames, dim], (_, token, c) =>
      token === 8 ? Math.sin(7 * c) : places.numbers[place(token) * dim + c]!,
    );
    const { scores, still } = await run({ ...feeds, tokens });
    const differs = scores!.numbers.map((score, token) => Math.abs(score - still!.numbers[token]!) > 1e-6);
    expect(differs).toEqual(differs.map((_, token) => token === 8));
  });

  it('has the gradient of differences by its keys of motion', () =>
    expectGradients(
      { motion: gentle(motionWeight) },
      ({ motion }, graph) => {
        const parameters = trainableParameters(graph, shapes, 'float32');
        const withMotion = {
          ...parameters,
          get: (name: string, sizes: readonly number[]) =>
            name === 'motion.weight' ? reshape(motion!, sizes) : parameters.get(name, sizes),
        };
        const tokens = graph.input('tokens', 'float32', [1, 7, dim]);
        return interpreterScores(withMotion, tokens, 'qk', heads, { name: 'motion', frames: 3 });
      },
      {},
      { 'qk.weight': gentle(weight), 'qk.bias': bias, tokens: randomTensor([1, 7, dim], 7) },
    ));

  it('needs frames to compare', async () => {
    await expect(load(1, 4)).rejects.toThrow('1 frames');
  });
});
