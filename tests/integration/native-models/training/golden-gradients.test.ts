import { describe, expect, it } from 'vitest';
import { stemTokens } from '#native-models/architectures/timesformer/stem.ts';
import { denseTrunk } from '#native-models/architectures/timesformer/trunk.ts';
import { trainableParameters } from '#native-models/architectures/trainable-parameters.ts';
import { addGradients } from '#native-models/onnx/gradients/add-gradients.ts';
import type { Graph } from '#native-models/onnx/graph.ts';
import { crossEntropy } from '#native-models/training/losses.ts';
import {
  FULL,
  type GoldenModel,
  goldenModel,
  goldenTensors,
  parameter,
  SELECTING_TYPES,
  stemTokensOf,
  TOKENS,
} from '../architectures/golden-model.ts';
import { largestDifference, tensor } from '../plain-tensor.ts';
import { loadGraph } from '../run-graph.ts';

const shapesOf = (model: GoldenModel) => new Map([...model.weights].map(([name, { shape }]) => [name, shape]));
const numbersOf = (model: GoldenModel) =>
  Object.fromEntries([...model.weights.keys()].map((name) => [name, parameter(model, name)]));

/** Cross-entropy of clips and its gradient by every parameter: outputs `loss` and `grad.<parameter>`. */
function addTrainingStep(graph: Graph, model: GoldenModel, fused: boolean, masked: boolean): void {
  const { config } = model;
  const parameters = trainableParameters(graph, shapesOf(model), 'float32');
  const clip = graph.input('clip', 'float32', [2, 3, config.numFrames, config.imageSize, config.imageSize]);
  const label = graph.input('label', 'int64', [2]);
  const mask = masked ? graph.input('mask', 'float32', [2, TOKENS]) : null;
  const tokens = stemTokens(config, parameters, clip);
  const { logits } = denseTrunk(config, parameters, tokens, mask, { spatial: fused, temporal: fused });
  const { mean } = crossEntropy(logits, label);
  const names = [...parameters.inputs.keys()];
  const gradients = addGradients(graph, mean, [...parameters.inputs.values()]);
  graph.output('loss', mean);
  for (const [i, name] of names.entries()) graph.output(`grad.${name}`, gradients[i]!);
}

describe.each(SELECTING_TYPES)('a training step of the %s model', (attention) => {
  it.each([
    ['plain attention', false, false],
    ['fused attention', true, false],
    ['plain attention and a mask that drops nothing', false, true],
    ['fused attention and a mask that drops nothing', true, true],
  ])('has the published loss and gradients; %s', async (_, fused, masked) => {
    const [model, expected] = [await goldenModel(attention), await goldenTensors(`gradients-${attention}`)];
    const run = await loadGraph((graph) => addTrainingStep(graph, model, fused, masked));
    const results = await run({
      ...numbersOf(model),
      clip: expected.clip!,
      label: expected.label!,
      mask: tensor([2, TOKENS], () => 1),
    });
    expect(largestDifference(results.loss!.numbers, expected.loss!.numbers)).toBeLessThan(FULL);
    const published = Object.entries(expected).filter(([name]) => name.startsWith('grad.'));
    expect(published).toHaveLength(model.weights.size);
    for (const [name, wanted] of published) {
      expect(results[name]!.sizes, name).toEqual(wanted.sizes);
      expect(largestDifference(results[name]!.numbers, wanted.numbers), name).toBeLessThan(FULL);
    }
  });

  it('has no gradient by the tokens that a mask drops, and one by the others', async () => {
    const model = await goldenModel(attention);
    const run = await loadGraph((graph) => {
      const parameters = trainableParameters(graph, shapesOf(model), 'float32');
      const tokens = graph.input('tokens', 'float32', [2, 1 + TOKENS, model.config.dim]);
      const mask = graph.input('mask', 'float32', [2, TOKENS]);
      const { logits } = denseTrunk(model.config, parameters, tokens, mask, { spatial: false, temporal: false });
      const [gradient] = addGradients(graph, crossEntropy(logits, graph.input('label', 'int64', [2])).mean, [tokens]);
      graph.output('gradient', gradient!);
    });
    const isKept = (view: number, token: number) => token % 4 !== view && token % 3 !== 0;
    const { gradient } = await run({
      ...numbersOf(model),
      tokens: await stemTokensOf(model),
      mask: tensor([2, TOKENS], (view, token) => (isKept(view, token) ? 1 : 0)),
      label: tensor([2], (view) => view),
    });
    const { dim } = model.config;
    for (let row = 0; row < 2 * (1 + TOKENS); row++) {
      const [view, token] = [Math.floor(row / (1 + TOKENS)), (row % (1 + TOKENS)) - 1];
      const largest = Math.max(...gradient!.numbers.slice(row * dim, (row + 1) * dim).map(Math.abs));
      if (token < 0 || isKept(view, token)) expect(largest, `token ${token}`).toBeGreaterThan(0);
      else expect(largest, `token ${token}`).toBe(0);
    }
  });
});
