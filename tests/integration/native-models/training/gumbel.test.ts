import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { count } from '#native-models/architectures/parameters.ts';
import { groupedTimesformer } from '#native-models/architectures/timesformer/grouped-timesformer.ts';
import { gatingBias } from '#native-models/architectures/token-mask.ts';
import { trainableParameters } from '#native-models/architectures/trainable-parameters.ts';
import { addGradients } from '#native-models/onnx/gradients/add-gradients.ts';
import { multiply, reduceMean, reduceSum, scale } from '#native-models/onnx/operators/arithmetic.ts';
import { reshape, slice } from '#native-models/onnx/operators/shapes.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { gumbelLoss } from '#native-models/training/gumbel.ts';
import { gumbelGate, gumbelNoise } from '#native-models/training/gumbel-gate.ts';
import { crossEntropy } from '#native-models/training/losses.ts';
import { outcomesOf, summaryOf } from '#native-models/training/policies.ts';
import { policyPhase } from '#native-models/training/policy-phase.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { type RewardShape, rewardOf } from '#native-models/training/reward.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { brightPatches, freshParameters, SMALL, SMALL_SELECTION } from '../../../fixtures/training/bright-patch.ts';
import { expectGradients } from '../onnx/gradients/finite-differences.ts';
import { largestDifference, type PlainTensor, randomTensor, sum, tensor } from '../plain-tensor.ts';
import { loadGraph } from '../run-graph.ts';

const TOKENS = 32;
const isInterpreter = (name: string) => name.startsWith('interpreter.');

describe('the gate of straight-through Gumbel softmax', () => {
  const probabilities = tensor(
    [3, 4],
    (i, j) => [0.1, 0.3, 0.5, 0.7, 0.9, 0.2, 0.4, 0.6, 0.8, 0.15, 0.35, 0.55][4 * i + j]!,
  );
  const noise = tensor([3, 4], (i, j) => 2 * Math.sin(5 * i + 3 * j + 1));
  const softOf = (temperature: number) =>
    probabilities.numbers.map((p, i) => 1 / (1 + Math.exp(-(Math.log(p / (1 - p)) + noise.numbers[i]!) / temperature)));

  it.each([0.3, 1, 4])('is 0 or 1, with the gradient of its soft sample; temperature %d', async (temperature) => {
    const weights = randomTensor([3, 4], 2);
    const run = await loadGraph((graph) => {
      const input = (name: string) => graph.input(name, 'float32', [3, 4]);
      const [p, weight] = [input('p'), input('weights')];
      const { gate, soft, held } = gumbelGate(p, input('noise'), temperature);
      const total = (x: typeof gate) => reduceSum(multiply(x, weight), [0, 1], false);
      graph.output('gate', gate);
      graph.output('soft', soft);
      graph.output('ofGate', addGradients(graph, total(gate), [p], { held })[0]!);
      graph.output('ofSoft', addGradients(graph, total(soft), [p])[0]!);
    });
    const { gate, soft, ofGate, ofSoft } = await run({ p: probabilities, noise, weights });
    expect(largestDifference(soft!.numbers, softOf(temperature))).toBeLessThan(1e-5);
    expect(gate!.numbers).toEqual(softOf(temperature).map((value) => (value > 0.5 ? 1 : 0)));
    expect(new Set(gate!.numbers).size).toBe(2);
    expect(largestDifference(ofGate!.numbers, ofSoft!.numbers)).toBeLessThan(1e-6);
    expect(Math.min(...ofGate!.numbers.map(Math.abs))).toBeGreaterThan(0);
  });

  it('has a soft sample whose gradient is that of differences', () =>
    expectGradients(
      { p: tensor([3, 4], (i, j) => 0.3 + (4 * i + j) / 30) },
      ({ p }, graph) => gumbelGate(p!, graph.input('noise', 'float32', [3, 4]), 0.8).soft,
      {},
      { noise },
    ));

  it('opens as often as the probability says', () => {
    const random = RandomStream.seeded(7);
    const noiseOfMany = gumbelNoise(random, 40_000);
    const mean = noiseOfMany.reduce((a, b) => a + b, 0) / noiseOfMany.length;
    const variance = noiseOfMany.reduce((a, b) => a + (b - mean) ** 2, 0) / noiseOfMany.length;
    // Of the logistic distribution: 0 and π²/3; five standard errors.
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(3.29 / 40_000));
    expect(Math.abs(variance - Math.PI ** 2 / 3)).toBeLessThan(0.2);
    for (const p of [0.02, 0.3, 0.9]) {
      const opened = noiseOfMany.filter((value) => Math.log(p / (1 - p)) + value > 0).length / noiseOfMany.length;
      expect(Math.abs(opened - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / 40_000));
    }
  });
});

describe('the loss of straight-through Gumbel softmax', () => {
  it.each([
    ['squared', 0.5],
    ['squared', 1.5],
    ['linear', 1],
  ] as const)('is −log(R + τ) for the expected reward R; %s, τ = %d', async (shape: RewardShape, tau) => {
    const right = [0.9, 0.5, 0.02];
    const shares = [0, 0.25, 1];
    const run = await loadGraph((graph) => {
      const input = (name: string) => graph.input(name, 'float32', [3]);
      graph.output('loss', gumbelLoss(input('crossEntropies'), input('shares'), { shape, tau }));
    });
    const { loss } = await run({
      crossEntropies: tensor([3], (i) => -Math.log(right[i]!)),
      shares: tensor([3], (i) => shares[i]!),
    });
    const reward = (i: number, correct: boolean) => rewardOf({ shape, tau }, { keepRatio: shares[i]!, correct });
    const expected =
      sum(3, (i) => -Math.log(right[i]! * reward(i, true) + (1 - right[i]!) * reward(i, false) + tau)) / 3;
    expect(loss!.numbers[0]).toBeCloseTo(expected, 5);
  });
});

describe('the gradient by the interpreter', () => {
  it.each([
    ['joint_space_time', false],
    ['divided_space_time', true],
  ] as const)('through soft gates and the %s backbone is that of differences', async (attention, fused) => {
    const config = { ...SMALL, attention, depth: 2 };
    const selection = { ...SMALL_SELECTION, groups: [{ firstBlock: 0, blocks: 2 }] };
    const architecture = groupedTimesformer(config, selection);
    const parameters = freshParameters(config, selection, 1);
    // Weights as large as trained ones: differences of the loss are to be more than rounding.
    for (const [name, values] of parameters.tensors) if (!name.includes('norm')) values.set(values.map((x) => 4 * x));
    const plain = (name: string): PlainTensor => ({
      sizes: parameters.shapes.get(name)!,
      numbers: [...parameters.get(name)],
    });
    const bias = 'interpreter.0.qk.bias';
    const others = Object.fromEntries(
      [...parameters.shapes.keys()].filter((name) => name !== bias).map((name) => [name, plain(name)]),
    );
    await expectGradients(
      { bias: randomTensor([48], 3) },
      ({ bias: trained }, graph) => {
        const fixed = trainableParameters(graph, parameters.shapes, 'float32');
        const all = {
          ...fixed,
          part: (name: string, start: number, sizes: readonly number[]) =>
            name === bias
              ? reshape(slice(trained!, 0, start, start + count(sizes)), sizes)
              : fixed.part(name, start, sizes),
        };
        const tokens = graph.input('tokens', 'float32', [1, 1 + TOKENS, config.dim]);
        const { soft } = gumbelGate(
          architecture.scores(all, tokens, 0),
          graph.input('noise', 'float32', [1, TOKENS]),
          1,
        );
        const logits = architecture.answer(all, tokens, 0, gatingBias(soft), { spatial: fused, temporal: fused });
        const { perSample } = crossEntropy(logits, graph.constant('int64', [1], [1]));
        const loss = gumbelLoss(perSample, reduceMean(soft, [1], false), { shape: 'squared', tau: 1 });
        return scale(reshape(loss, [1]), 30);
      },
      {},
      {
        ...others,
        tokens: randomTensor([1, 1 + TOKENS, config.dim], 4),
        noise: randomTensor([1, TOKENS], 5),
      },
    );
  });
});

describe('a Gumbel step', () => {
  let runtime: InferenceRuntime;
  beforeAll(async () => {
    runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
  });
  afterAll(() => runtime[Symbol.asyncDispose]());

  it('answers on the tokens that it draws by their scores, and teaches the interpreter alone', async () => {
    const batchSize = 8;
    const model = new SelectingModel({ runtime, config: SMALL, selection: SMALL_SELECTION, batchSize });
    const parameters = freshParameters(SMALL, SMALL_SELECTION, 1);
    const [backbone, interpreter] = [parameters.only((name) => !isInterpreter(name)), parameters.only(isInterpreter)];
    const clips = brightPatches(batchSize);
    const batch = await clips.batch(0);
    const task = policyPhase({
      model,
      backbone,
      interpreter,
      clips,
      labels: { kind: 'given' },
      reward: { shape: 'squared', tau: 1 },
      explorationBound: null,
      entropyBonus: 0,
      estimator: { kind: 'gumbel', temperature: 0.5 },
    });
    const { figures, gradients } = await task.step(interpreter, batch, RandomStream.seeded(3));
    const { tokens, scores } = await model.look([parameters], batch.clips);
    const noise = gumbelNoise(RandomStream.seeded(3), batchSize * TOKENS);
    const draw = scores.map((p, i) => (Math.log(p / (1 - p)) + noise[i]! > 0 ? 1 : 0));
    const { keepRatio, accuracy } = summaryOf(
      outcomesOf(draw, await model.answer([parameters], tokens, draw), batch.labels!),
    );
    expect(figures.drawnKeepRatio).toBe(keepRatio);
    expect(figures.drawnAccuracy).toBe(accuracy);
    expect([...gradients.keys()]).toEqual(['interpreter.0.qk.weight', 'interpreter.0.qk.bias']);
    for (const gradient of gradients.values()) expect(gradient.some((value) => value !== 0)).toBe(true);
    for (const gradient of gradients.values()) expect(gradient.every(Number.isFinite)).toBe(true);
  });
});
