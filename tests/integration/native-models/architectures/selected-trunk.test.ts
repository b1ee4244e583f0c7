import { describe, expect, it } from 'vitest';
import { largestDifference } from '../plain-tensor.ts';
import {
  ALL_TOKENS,
  ATTENTION_TYPES,
  FULL,
  goldenModel,
  goldenSelection,
  HALF,
  loadMaskedTrunk,
  loadSelectedTrunk,
  oneOf,
  SELECTING_TYPES,
  stemTokensOf,
  THRESHOLDS,
} from './golden-model.ts';

const NOTHING = new Uint32Array();

const VARIANTS = [
  { fused: false, bucket: 1 },
  { fused: false, bucket: 16 },
  { fused: true, bucket: 1 },
  { fused: true, bucket: 16 },
] as const;

describe.each(SELECTING_TYPES)('the %s trunk with kept tokens', (attention) => {
  it.each(VARIANTS)('gives the published logits: %o', async (variant) => {
    const [model, { expected }] = [await goldenModel(attention), await goldenSelection(attention)];
    const run = await loadSelectedTrunk(model, variant);
    for (const threshold of THRESHOLDS) {
      const kept = Uint32Array.from(expected[`kept_${threshold}`]!.numbers);
      const logits = await run(expected.tokens!, kept);
      expect(largestDifference(logits, expected[`logits_${threshold}`]!.numbers)).toBeLessThan(FULL);
    }
    const alone = await run(expected.tokens!, NOTHING);
    expect(largestDifference(alone, expected.logits_cls_only!.numbers)).toBeLessThan(FULL);
  });

  it.each(VARIANTS)('stays near them in half precision: %o', async (variant) => {
    const [model, { expected }] = [await goldenModel(attention), await goldenSelection(attention)];
    const run = await loadSelectedTrunk(model, { ...variant, dtype: 'float16' });
    for (const threshold of THRESHOLDS) {
      const kept = Uint32Array.from(expected[`kept_${threshold}`]!.numbers);
      const logits = await run(expected.tokens!, kept);
      expect(largestDifference(logits, expected[`logits_${threshold}`]!.numbers)).toBeLessThan(HALF);
    }
    const alone = await run(expected.tokens!, NOTHING);
    expect(largestDifference(alone, expected.logits_cls_only!.numbers)).toBeLessThan(HALF);
  });
});

describe.each(ATTENTION_TYPES)('selecting tokens of the %s model', (attention) => {
  it.each(VARIANTS)('changes nothing when all are kept: %o', async (variant) => {
    const model = await goldenModel(attention);
    const run = await loadSelectedTrunk(model, variant);
    const tokens = await stemTokensOf(model);
    for (const index of [0, 1]) {
      const logits = await run(oneOf(tokens, index), ALL_TOKENS);
      expect(largestDifference(logits, oneOf(model.expected.logits!, index).numbers)).toBeLessThan(FULL);
    }
  });

  /** Half of the tokens at random; one frame only; one patch only; a single token; all but one frame; nothing. */
  const selections: readonly (readonly [string, (token: number) => boolean])[] = [
    ['scattered', (token) => (token * 2654435761) % 7 < 3],
    ['of one frame', (token) => token % 4 === 2],
    ['of one patch', (token) => Math.floor(token / 4) === 5],
    ['a single one', (token) => token === 63],
    ['of all frames but the first', (token) => token % 4 !== 0],
    ['none', () => false],
  ];

  it.each(VARIANTS)('is the same as hiding the others from attention: %o', async (variant) => {
    const model = await goldenModel(attention);
    const tokens = oneOf(await stemTokensOf(model), 0);
    const gathered = await loadSelectedTrunk(model, variant);
    const masked = await loadMaskedTrunk(model);
    for (const [name, isKept] of selections) {
      const kept = ALL_TOKENS.filter(isKept);
      const logits = await masked(tokens, [kept]);
      expect(largestDifference(await gathered(tokens, kept), logits.numbers), name).toBeLessThan(1e-5);
    }
  });

  it('does not look at dropped tokens', async () => {
    const model = await goldenModel(attention);
    const tokens = oneOf(await stemTokensOf(model), 0);
    const kept = ALL_TOKENS.filter((token) => token % 3 === 0);
    const { dim } = model.config;
    const isDropped = (row: number) => row > 0 && !kept.includes(row - 1);
    const numbers = tokens.numbers.map((number, i) => (isDropped(Math.floor(i / dim)) ? Number.NaN : number));
    const run = await loadSelectedTrunk(model, { fused: true, bucket: 16 });
    expect(await run({ ...tokens, numbers }, kept)).toEqual(await run(tokens, kept));
  });
});
