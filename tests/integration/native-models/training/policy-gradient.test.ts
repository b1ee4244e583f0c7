import { describe, expect, it } from 'vitest';
import { interpreterScores } from '#native-models/architectures/interpreter.ts';
import { trainableParameters } from '#native-models/architectures/trainable-parameters.ts';
import { addGradients } from '#native-models/onnx/gradients/add-gradients.ts';
import { slice } from '#native-models/onnx/operators/shapes.ts';
import { boundProbabilities, logLikelihood, policyEntropy, policyLoss } from '#native-models/training/policy-loss.ts';
import { FULL, goldenTensors } from '../architectures/golden-model.ts';
import { at, largestDifference, type PlainTensor, sum, tensor } from '../plain-tensor.ts';
import { loadGraph, type Run } from '../run-graph.ts';

const DIM = 48;
const HEADS = 6;
const [BATCH, TOKENS] = [3, 32];

/** The first two thirds: queries and keys. The published layer has values too, that no score depends on. */
const used = ({ sizes, numbers }: PlainTensor): PlainTensor => ({
  sizes: [2 * DIM, ...sizes.slice(1)],
  numbers: numbers.slice(0, (numbers.length / 3) * 2),
});
const unused = ({ numbers }: PlainTensor) => numbers.slice((numbers.length / 3) * 2);

function loadPolicyStep(): Promise<Run> {
  return loadGraph((graph) => {
    const shapes = new Map([
      ['qk.weight', [2 * DIM, DIM]],
      ['qk.bias', [2 * DIM]],
    ]);
    const parameters = trainableParameters(graph, shapes, 'float32');
    const tokens = graph.input('tokens', 'float32', [BATCH, 1 + TOKENS, DIM]);
    const scores = slice(interpreterScores(parameters, tokens, 'qk', HEADS), 1, 1);
    const draw = graph.input('draw', 'float32', [BATCH, TOKENS]);
    const loss = policyLoss(scores, draw, graph.input('advantage', 'float32', [BATCH]));
    graph.output('scores', scores);
    graph.output('loss', loss);
    for (const [name, input] of parameters.inputs) {
      const [gradient] = addGradients(graph, loss, [input]);
      graph.output(`grad.${name}`, gradient!);
    }
  });
}

describe('the policy gradient', () => {
  it.each((['squared', 'linear'] as const).flatMap((shape) => ['0.5', '1.0', '1.5'].map((tau) => `${shape}_${tau}`)))(
    'has the published loss and gradients for the reward %s',
    async (reward) => {
      const golden = await goldenTensors('policy-gradient');
      const run = await loadPolicyStep();
      const results = await run({
        'qk.weight': used(golden['interpreter.qk.weight']!),
        'qk.bias': used(golden['interpreter.qk.bias']!),
        tokens: golden.tokens!,
        draw: golden.u!,
        advantage: golden[`advantage_${reward}`]!,
      });
      const [ofWeight, ofBias] = [golden[`grad_weight_${reward}`]!, golden[`grad_bias_${reward}`]!];
      expect(largestDifference(results.scores!.numbers, golden.scores!.numbers)).toBeLessThan(FULL);
      expect(largestDifference(results.loss!.numbers, golden[`loss_${reward}`]!.numbers)).toBeLessThan(FULL);
      expect(largestDifference(results['grad.qk.weight']!.numbers, used(ofWeight).numbers)).toBeLessThan(FULL);
      expect(largestDifference(results['grad.qk.bias']!.numbers, used(ofBias).numbers)).toBeLessThan(FULL);
      expect([...unused(ofWeight), ...unused(ofBias)].every((number) => number === 0)).toBe(true);
    },
  );
});

describe('a policy of independent tokens', () => {
  const p = tensor([2, 3], (i, j) => [0.1, 0.5, 0.9, 0, 1, 0.25][3 * i + j]!);
  const draw = tensor([2, 3], (i, j) => [0, 1, 1, 0, 1, 1][3 * i + j]!);

  it('has the sum of its tokens as log-likelihood and entropy', async () => {
    const run = await loadGraph((graph) => {
      const probabilities = graph.input('p', 'float32', ['batch', 3]);
      graph.output('likelihood', logLikelihood(probabilities, graph.input('draw', 'float32', ['batch', 3])));
      graph.output('entropy', policyEntropy(probabilities));
      graph.output('bounded', boundProbabilities(probabilities, 0.8));
    });
    const { likelihood, entropy, bounded } = await run({ p, draw });
    const rows = [0, 1];
    const ofDraw = rows.map((i) => sum(3, (j) => Math.log(at(draw, i, j) === 1 ? at(p, i, j) : 1 - at(p, i, j))));
    const part = (x: number) => (x === 0 ? 0 : -x * Math.log(x));
    const ofPolicy = rows.map((i) => sum(3, (j) => part(at(p, i, j)) + part(1 - at(p, i, j))));
    expect(largestDifference(likelihood!.numbers, ofDraw)).toBeLessThan(1e-5);
    expect(largestDifference(entropy!.numbers, ofPolicy)).toBeLessThan(1e-5);
    expect(
      largestDifference(
        bounded!.numbers,
        p.numbers.map((x) => 0.8 * x + 0.2 * (1 - x)),
      ),
    ).toBeLessThan(1e-6);
  });

  it('has finite gradients where it is sure', async () => {
    const run = await loadGraph((graph) => {
      const probabilities = graph.input('p', 'float32', [2, 3]);
      const against = graph.input('draw', 'float32', [2, 3]);
      const loss = policyLoss(probabilities, against, graph.constant('float32', [2], [1, 1]));
      graph.output('gradient', addGradients(graph, loss, [probabilities])[0]!);
    });
    const opposite = { ...draw, numbers: draw.numbers.map((number) => 1 - number) };
    expect((await run({ p, draw: opposite })).gradient!.numbers.every(Number.isFinite)).toBe(true);
  });
});
