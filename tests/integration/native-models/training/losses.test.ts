import { describe, expect, it } from 'vitest';
import {
  binaryCrossEntropy,
  type CrossEntropyOptions,
  crossEntropy,
  meanSquaredError,
} from '#native-models/training/losses.ts';
import { expectGradients } from '../onnx/gradients/finite-differences.ts';
import { at, largestDifference, type PlainTensor, randomTensor, sum, tensor } from '../plain-tensor.ts';
import { runOnce } from '../run-graph.ts';

const CLASSES = 4;
const logits = { ...randomTensor([3, CLASSES], 1), numbers: randomTensor([3, CLASSES], 1).numbers.map((x) => 4 * x) };
const labels = tensor([3], (i) => [2, 0, 2][i]!);
const classWeights = [0.5, 2, 1, 3];

/** The definition of `torch.nn.functional.cross_entropy`, sample by sample. */
function reference(x: PlainTensor, { labelSmoothing = 0, classWeights: weights = [1, 1, 1, 1] }: CrossEntropyOptions) {
  const logProbability = (i: number, c: number) => at(x, i, c) - Math.log(sum(CLASSES, (k) => Math.exp(at(x, i, k))));
  const perSample = labels.numbers.map((label, i) => {
    const ofLabel = -weights[label]! * logProbability(i, label);
    const ofAll = sum(CLASSES, (c) => -weights[c]! * logProbability(i, c)) / CLASSES;
    return (1 - labelSmoothing) * ofLabel + labelSmoothing * ofAll;
  });
  const total = labels.numbers.reduce((all, label) => all + weights[label]!, 0);
  return { perSample, mean: perSample.reduce((a, b) => a + b) / total };
}

const OPTIONS: readonly CrossEntropyOptions[] = [
  {},
  { labelSmoothing: 0.1 },
  { classWeights },
  { labelSmoothing: 0.2, classWeights },
];

describe.each(OPTIONS)('cross-entropy with %o', (options) => {
  const build = (which: 'mean' | 'perSample') =>
    runOnce(
      (graph) => {
        const x = graph.input('x', 'float32', ['batch', CLASSES]);
        graph.output('y', crossEntropy(x, graph.input('labels', 'int64', ['batch']), options)[which]);
      },
      { x: logits, labels },
    );

  it('is that of its definition', async () => {
    const expected = reference(logits, options);
    const mean = await build('mean');
    expect(mean.sizes).toEqual([]);
    expect(largestDifference(mean.numbers, [expected.mean])).toBeLessThan(1e-5);
    expect(largestDifference((await build('perSample')).numbers, expected.perSample)).toBeLessThan(1e-5);
  });

  it('has the gradient of differences', () =>
    expectGradients(
      { x: logits },
      ({ x }, graph) => crossEntropy(x!, graph.constant('int64', [3], labels.numbers), options).mean,
    ));
});

describe('mean squared error', () => {
  const inputs = { a: randomTensor([2, 3], 3), b: randomTensor([2, 3], 4) };

  it('is that of its definition, with its gradient', async () => {
    const y = await runOnce((graph) => {
      const input = (name: string) => graph.input(name, 'float32', [2, 3]);
      graph.output('y', meanSquaredError(input('a'), input('b')));
    }, inputs);
    const expected = sum(6, (i) => (inputs.a.numbers[i]! - inputs.b.numbers[i]!) ** 2) / 6;
    expect(largestDifference(y.numbers, [expected])).toBeLessThan(1e-6);
    await expectGradients(inputs, ({ a, b }) => meanSquaredError(a!, b!));
  });
});

describe('binary cross-entropy', () => {
  const targets = tensor([2, 3], (i, j) => [0, 1, 0.3, 1, 0, 1][3 * i + j]!);
  const value = (x: PlainTensor) =>
    runOnce(
      (graph) => {
        const input = (name: string) => graph.input(name, 'float32', [2, 3]);
        graph.output('y', binaryCrossEntropy(input('x'), input('targets')));
      },
      { x, targets },
    );

  it('is that of its definition, with its gradient', async () => {
    const x = randomTensor([2, 3], 5);
    const loss = (logit: number, target: number) => {
      const p = 1 / (1 + Math.exp(-logit));
      return -target * Math.log(p) - (1 - target) * Math.log(1 - p);
    };
    const expected = sum(6, (i) => loss(x.numbers[i]!, targets.numbers[i]!)) / 6;
    expect(largestDifference((await value(x)).numbers, [expected])).toBeLessThan(1e-6);
    await expectGradients({ x }, ({ x: v }, graph) =>
      binaryCrossEntropy(v!, graph.constant('float32', [2, 3], targets.numbers)),
    );
  });

  it('of a sure mistake is the size of the logit', async () => {
    const y = await value(
      tensor([2, 3], (i, j) => (at(targets, i, j) === 1 ? -1000 : at(targets, i, j) === 0 ? 1000 : 0)),
    );
    expect(largestDifference(y.numbers, [(5 * 1000 + Math.log(2)) / 6])).toBeLessThan(1e-2);
  });
});
