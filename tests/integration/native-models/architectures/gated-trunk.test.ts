import { describe, expect, it } from 'vitest';
import { classLogits } from '#native-models/architectures/class-head.ts';
import { denseBlocks } from '#native-models/architectures/timesformer/trunk.ts';
import { gatingBias } from '#native-models/architectures/token-mask.ts';
import { addGradients } from '#native-models/onnx/gradients/add-gradients.ts';
import { multiply, reduceSum } from '#native-models/onnx/operators/arithmetic.ts';
import { largestDifference, randomTensor, tensor } from '../plain-tensor.ts';
import type { Run } from '../run-graph.ts';
import {
  ALL_TOKENS,
  ATTENTION_TYPES,
  FULL,
  type GoldenModel,
  goldenModel,
  goldenSelection,
  loadModelGraph,
  oneOf,
  SELECTING_TYPES,
  stemTokensOf,
  THRESHOLDS,
  TOKENS,
} from './golden-model.ts';

const CLASSES = 7;

/** Inputs `tokens` and `gate`; `logits`, and the gradient of `Σ weights · logits` by the gate. */
function loadGatedTrunk(model: GoldenModel, fused: boolean): Promise<Run> {
  return loadModelGraph(model, 'float32', (parameters, graph) => {
    const { config } = model;
    const tokens = graph.input('tokens', 'float32', ['batch', 1 + TOKENS, config.dim]);
    const gate = graph.input('gate', 'float32', ['batch', TOKENS]);
    const fusion = { spatial: fused, temporal: fused };
    const { policy } = denseBlocks(config, parameters, tokens, gatingBias(gate), fusion);
    const logits = classLogits(config, parameters, policy);
    const weights = graph.input('weights', 'float32', ['batch', CLASSES]);
    graph.output('logits', logits);
    graph.output('gradient', addGradients(graph, reduceSum(multiply(logits, weights), [0, 1], false), [gate])[0]!);
  });
}

const FUSIONS = [
  ['plain', false],
  ['fused', true],
] as const;

describe.each(SELECTING_TYPES)('the gated %s trunk', (attention) => {
  it.each(FUSIONS)('gives the published logits for gates of 0 and 1; %s attention', async (_, fused) => {
    const [model, { expected }] = [await goldenModel(attention), await goldenSelection(attention)];
    const run = await loadGatedTrunk(model, fused);
    const kept = [...THRESHOLDS.map((threshold) => expected[`kept_${threshold}`]!.numbers), [...ALL_TOKENS], []];
    const names = [...THRESHOLDS, 'full', 'cls_only'];
    for (const [i, name] of names.entries()) {
      const gate = tensor([1, TOKENS], (_view, token) => (kept[i]!.includes(token) ? 1 : 0));
      const { logits } = await run({ tokens: expected.tokens!, gate, weights: tensor([1, CLASSES], () => 0) });
      expect(largestDifference(logits!.numbers, expected[`logits_${name}`]!.numbers), name).toBeLessThan(FULL);
    }
  });
});

/** Positions (four tokens each) of which nothing is left, so that nothing of their sequences over time is, either. */
const MIXED = (token: number) => (token % 16 < 4 || token % 3 === 0 ? 0 : (token % 5) / 5 + 0.2);

describe.each(ATTENTION_TYPES)('the gradient of the gated %s trunk', (attention) => {
  it.each([
    ['open, half open and closed gates', MIXED, 0.006, false],
    ['open, half open and closed gates, with fused attention', MIXED, 0.006, true],
    ['nothing but closed gates', () => 0, 0.002, false],
  ] as const)('is that of differences: %s', async (_, gateOf, step, fused) => {
    const model = await goldenModel(attention);
    const run = await loadGatedTrunk(model, fused);
    const tokens = oneOf(await stemTokensOf(model), 0);
    const weights = randomTensor([1, CLASSES], 5);
    const gate = tensor([1, TOKENS], (_view, token) => gateOf(token));
    const gradient = (await run({ tokens, gate, weights })).gradient!.numbers;
    const largest = Math.max(...gradient.map(Math.abs));
    expect(largest).toBeGreaterThan(1e-3);
    for (const token of ALL_TOKENS) {
      const moved = async (by: number) => {
        const numbers = gate.numbers.map((number, i) => (i === token ? number + by : number));
        const { logits } = await run({ tokens, gate: { ...gate, numbers }, weights });
        return logits!.numbers.reduce((sum, logit, i) => sum + logit * weights.numbers[i]!, 0);
      };
      // A gate cannot be below 0: from there all differences look upwards (of third order).
      const values = await Promise.all([0, 1, 2, 3].map((steps) => moved(steps * step)));
      const [at, one, two, three] = values as [number, number, number, number];
      const expected = (-11 * at + 18 * one - 9 * two + 2 * three) / (6 * step);
      expect(Math.abs(gradient[token]! - expected) / largest, `token ${token}`).toBeLessThan(0.01);
      expect(gradient[token]).not.toBe(0);
    }
  });
});
