import { describe, expect, it } from 'vitest';
import { largestDifference, type PlainTensor } from '../plain-tensor.ts';
import {
  ALL_TOKENS,
  ATTENTION_TYPES,
  FULL,
  goldenModel,
  goldenSelection,
  loadMaskedTrunk,
  oneOf,
  SELECTING_TYPES,
  stemTokensOf,
  THRESHOLDS,
} from './golden-model.ts';

const NOTHING = new Uint32Array();

/** The tokens of one view, `copies` times. */
function repeated({ sizes, numbers }: PlainTensor, copies: number): PlainTensor {
  return { sizes: [copies, ...sizes.slice(1)], numbers: Array.from({ length: copies }, () => numbers).flat() };
}

describe.each(SELECTING_TYPES)('the masked %s trunk', (attention) => {
  it.each([
    ['plain', false],
    ['fused', true],
  ])('gives the published logits for a batch of selections; %s attention', async (_, fused) => {
    const [model, { expected }] = [await goldenModel(attention), await goldenSelection(attention)];
    const run = await loadMaskedTrunk(model, fused);
    const kept = THRESHOLDS.map((threshold) => Uint32Array.from(expected[`kept_${threshold}`]!.numbers));
    const logits = await run(repeated(expected.tokens!, 6), [...kept, ALL_TOKENS, NOTHING]);
    const names = [...THRESHOLDS, 'full', 'cls_only'];
    for (const [i, name] of names.entries()) {
      const wanted = expected[`logits_${name}`]!.numbers;
      expect(largestDifference(oneOf(logits, i).numbers, wanted), name).toBeLessThan(FULL);
    }
  });
});

describe.each(ATTENTION_TYPES)('the masked %s trunk', (attention) => {
  it('is the dense model when nothing is dropped', async () => {
    const model = await goldenModel(attention);
    const run = await loadMaskedTrunk(model);
    const logits = await run(await stemTokensOf(model), [ALL_TOKENS, ALL_TOKENS]);
    expect(largestDifference(logits.numbers, model.expected.logits!.numbers)).toBeLessThan(FULL);
  });

  it.each([
    ['scattered tokens', (token: number) => token % 3 === 0],
    ['all frames but one', (token: number) => token % 4 !== 2],
    ['nothing', () => false],
  ])('does not look at dropped tokens: %s kept', async (_, isKept) => {
    const model = await goldenModel(attention);
    const run = await loadMaskedTrunk(model);
    const tokens = await stemTokensOf(model);
    const { dim } = model.config;
    const kept = ALL_TOKENS.filter(isKept);
    const length = 1 + ALL_TOKENS.length;
    const isDropped = (row: number) => row > 0 && !kept.includes(row - 1);
    const numbers = tokens.numbers.map((number, i) =>
      isDropped(Math.floor(i / dim) % length) ? 3 * Math.sin(i) : number,
    );
    expect(await run({ ...tokens, numbers }, [kept, kept])).toEqual(await run(tokens, [kept, kept]));
  });
});
