import { describe, expect, it } from 'vitest';
import { keepTokens } from '#native-models/selection/keep.ts';
import { at, largestDifference, type PlainTensor, tensor } from '../plain-tensor.ts';
import {
  ATTENTION_TYPES,
  FULL,
  type GoldenModel,
  goldenModel,
  goldenSelection,
  HALF,
  loadScoringStem,
  loadStem,
  oneOf,
  SELECTING_TYPES,
  THRESHOLDS,
} from './golden-model.ts';

/** The published space-only model keeps a CLS in each frame, `[batch·frames, 1 + patches, dim]`. */
function patchMajor(tokens: PlainTensor, { config }: GoldenModel): PlainTensor {
  if (config.attention !== 'space_only') return tokens;
  const { numFrames, dim } = config;
  return tensor([2, 65, dim], (batch, token, channel) => {
    const [patch, frame] = token === 0 ? [-1, 0] : [Math.floor((token - 1) / numFrames), (token - 1) % numFrames];
    return at(tokens, batch * numFrames + frame, 1 + patch, channel);
  });
}

describe.each(ATTENTION_TYPES)('the %s stem', (attention) => {
  it('gives the published tokens for a batch of clips', async () => {
    const model = await goldenModel(attention);
    const { tokens } = await (await loadStem(model, 'float32'))({ clip: model.expected.clip! });
    const expected = patchMajor(model.expected.tokens!, model);
    expect(tokens!.sizes).toEqual(expected.sizes);
    expect(largestDifference(tokens!.numbers, expected.numbers)).toBeLessThan(FULL);
  });

  it('gives them for one clip too', async () => {
    const model = await goldenModel(attention);
    const run = await loadStem(model, 'float32');
    for (const index of [0, 1]) {
      const { tokens } = await run({ clip: oneOf(model.expected.clip!, index) });
      const expected = oneOf(patchMajor(model.expected.tokens!, model), index);
      expect(largestDifference(tokens!.numbers, expected.numbers)).toBeLessThan(FULL);
    }
  });

  it('stays near them in half precision', async () => {
    const model = await goldenModel(attention);
    const { tokens } = await (await loadStem(model, 'float16'))({ clip: model.expected.clip! });
    const expected = patchMajor(model.expected.tokens!, model);
    expect(largestDifference(tokens!.numbers, expected.numbers)).toBeLessThan(HALF);
  });
});

describe.each(SELECTING_TYPES)('the interpreter of the %s model', (attention) => {
  it('gives the published scores', async () => {
    const [model, selection] = [await goldenModel(attention), await goldenSelection(attention)];
    const { clip, tokens, scores } = selection.expected;
    const results = await (await loadScoringStem(model, selection, 'float32'))({ clip: clip! });
    expect(results.scores!.sizes).toEqual([1, 65]);
    expect(largestDifference(results.tokens!.numbers, tokens!.numbers)).toBeLessThan(FULL);
    expect(largestDifference(results.scores!.numbers, scores!.numbers)).toBeLessThan(FULL);
  });

  it('leads to the published selection at every threshold', async () => {
    const [model, selection] = [await goldenModel(attention), await goldenSelection(attention)];
    const { scores } = await (await loadScoringStem(model, selection, 'float32'))({ clip: selection.expected.clip! });
    const ofPatches = Float32Array.from(scores!.numbers.slice(1));
    for (const threshold of THRESHOLDS) {
      const { kept } = keepTokens(ofPatches, { kind: 'threshold', threshold: Number(threshold) });
      expect([...kept]).toEqual(selection.expected[`kept_${threshold}`]!.numbers);
    }
  });

  it('scores every clip of a batch by itself', async () => {
    const [model, selection] = [await goldenModel(attention), await goldenSelection(attention)];
    const run = await loadScoringStem(model, selection, 'float32');
    const { scores } = await run({ clip: model.expected.clip! });
    expect(scores!.sizes).toEqual([2, 65]);
    for (const index of [0, 1]) {
      const alone = await run({ clip: oneOf(model.expected.clip!, index) });
      expect(largestDifference(oneOf(scores!, index).numbers, alone.scores!.numbers)).toBeLessThan(1e-6);
    }
  });

  it('stays near its scores on tokens of half precision', async () => {
    const [model, selection] = [await goldenModel(attention), await goldenSelection(attention)];
    const { scores } = await (await loadScoringStem(model, selection, 'float16'))({ clip: selection.expected.clip! });
    expect(largestDifference(scores!.numbers, selection.expected.scores!.numbers)).toBeLessThan(HALF);
  });
});
