import { describe, expect, it } from 'vitest';
import { addDenseTrunk } from '#native-models/architectures/timesformer/trunk.ts';
import { largestDifference } from '../plain-tensor.ts';
import {
  ATTENTION_TYPES,
  FULL,
  goldenModel,
  goldenSelection,
  HALF,
  loadModelGraph,
  oneOf,
  SELECTING_TYPES,
  stemTokensOf,
} from './golden-model.ts';

describe.each(ATTENTION_TYPES)('the %s trunk with all tokens', (attention) => {
  it.each([
    ['plain', false],
    ['fused', true],
  ])('gives the published logits for a batch of clips; %s attention', async (_, fused) => {
    const model = await goldenModel(attention);
    const run = await loadModelGraph(model, 'float32', (parameters) =>
      addDenseTrunk(model.config, parameters, { spatial: fused, temporal: fused }),
    );
    const { logits } = await run({ tokens: await stemTokensOf(model) });
    expect(logits!.sizes).toEqual([2, 7]);
    expect(largestDifference(logits!.numbers, model.expected.logits!.numbers)).toBeLessThan(FULL);
  });

  it('gives each clip of a batch what it gets alone', async () => {
    const model = await goldenModel(attention);
    const run = await loadModelGraph(model, 'float32', (parameters) =>
      addDenseTrunk(model.config, parameters, { spatial: true, temporal: false }),
    );
    const tokens = await stemTokensOf(model);
    for (const index of [0, 1]) {
      const { logits } = await run({ tokens: oneOf(tokens, index) });
      const expected = oneOf(model.expected.logits!, index);
      expect(largestDifference(logits!.numbers, expected.numbers)).toBeLessThan(FULL);
    }
  });

  it.each([
    ['plain', false],
    ['fused', true],
  ])('stays near them in half precision; %s attention', async (_, fused) => {
    const model = await goldenModel(attention);
    const run = await loadModelGraph(model, 'float16', (parameters) =>
      addDenseTrunk(model.config, parameters, { spatial: fused, temporal: fused }),
    );
    const { logits } = await run({ tokens: await stemTokensOf(model) });
    expect(largestDifference(logits!.numbers, model.expected.logits!.numbers)).toBeLessThan(HALF);
  });
});

describe.each(SELECTING_TYPES)('the %s trunk', (attention) => {
  it('gives the published logits of the clip that selections are made from', async () => {
    const [model, selection] = [await goldenModel(attention), await goldenSelection(attention)];
    const run = await loadModelGraph(model, 'float32', (parameters) =>
      addDenseTrunk(model.config, parameters, { spatial: true, temporal: false }),
    );
    const { logits } = await run({ tokens: selection.expected.tokens! });
    expect(largestDifference(logits!.numbers, selection.expected.logits_full!.numbers)).toBeLessThan(FULL);
  });
});
