import { describe, expect, it } from 'vitest';
import { viewCost } from '#native-models/architectures/timesformer/cost.ts';
import type { AttentionType, TimesformerConfig } from '#native-models/bundle/manifest.ts';

/** The published K400 base model: 8 frames of 224 pixels, patches of 16. */
const base = (attention: AttentionType): TimesformerConfig => ({
  kind: 'timesformer',
  attention,
  numFrames: 8,
  imageSize: 224,
  patchSize: 16,
  dim: 768,
  depth: 12,
  heads: 12,
  mlpDim: 3072,
  classes: 400,
  layerNormEps: 1e-6,
});

const ALL = Uint32Array.from({ length: 196 * 8 }, (_, token) => token);
const TYPES = ['joint_space_time', 'divided_space_time', 'space_only'] as const;

describe('the cost of the base model', () => {
  it.each([
    ['joint_space_time', 179.6],
    ['divided_space_time', 195.8],
  ] as const)('with %s attention is the published one', (attention, gmacs) => {
    expect(viewCost(base(attention), null, false).total.toFixed(1)).toBe(String(gmacs));
  });
});

describe.each(TYPES)('the cost of a view with %s attention', (attention) => {
  const config = base(attention);

  it('is the same for everything kept as for no selection', () => {
    expect(viewCost(config, ALL, true)).toEqual(viewCost(config, null, true));
  });

  it('is the sum of its parts', () => {
    const { stem, interpreter, trunk, total } = viewCost(
      config,
      ALL.filter((token) => token % 3 === 0),
      true,
    );
    expect(total).toBeCloseTo(stem + interpreter + trunk, 9);
  });

  it('falls with every token that is dropped', () => {
    const totals = [1, 0.7, 0.3, 0].map(
      (ratio) => viewCost(config, ALL.subarray(0, Math.round(ratio * ALL.length)), true).total,
    );
    expect(totals).toEqual(totals.toSorted((a, b) => b - a));
    expect(new Set(totals).size).toBe(totals.length);
  });

  it('counts the interpreter only where there is one', () => {
    const [without, withOne] = [viewCost(config, ALL, false), viewCost(config, ALL, true)];
    expect(without.interpreter).toBe(0);
    expect(withOne.interpreter).toBeGreaterThan(0);
    expect(withOne.total - without.total).toBeCloseTo(withOne.interpreter, 9);
  });

  it('has one more square of the width a token for keys of motion', () => {
    const [still, motion] = [viewCost(config, ALL, true), viewCost(config, ALL, true, 'motion-aware')];
    expect(motion).toEqual({ ...still, interpreter: motion.interpreter, total: motion.total });
    expect(motion.interpreter - still.interpreter).toBeCloseTo(((1 + ALL.length) * 768 ** 2) / 1e9, 12);
    expect(motion.total - still.total).toBeCloseTo(motion.interpreter - still.interpreter, 9);
    expect(viewCost(config, ALL, false, 'motion-aware')).toEqual(viewCost(config, ALL, false));
  });

  it('keeps the stem and the class token when nothing is kept', () => {
    const { stem, trunk } = viewCost(config, new Uint32Array(), true);
    expect(stem).toBe((196 * 8 * 3 * 16 * 16 * 768) / 1e9);
    // CLS rows: 4·d² for attention, d·2·(sequence of one)² for its products, 2·d·mlp; the head once.
    const copies = attention === 'joint_space_time' ? 1 : 8;
    const mlps = attention === 'space_only' ? 8 : 1;
    const block = copies * (4 * 768 * 768 + 2 * 768) + mlps * 2 * 768 * 3072;
    expect(trunk).toBeCloseTo((12 * block + 768 * 400) / 1e9, 12);
  });
});

describe('divided attention', () => {
  it('costs less for the same number of tokens when they share neither frame nor position', () => {
    const config = base('divided_space_time');
    const oneFrame = ALL.filter((token) => token % 8 === 0).subarray(0, 8);
    const diagonal = Uint32Array.from({ length: 8 }, (_, i) => i * 8 + i);
    const [gathered, scattered] = [viewCost(config, oneFrame, false), viewCost(config, diagonal, false)];
    // Frames of 9, 1, 1, … tokens against eight frames of 2.
    const difference = 12 * 2 * 768 * (81 + 7 * 1 - 8 * 4);
    expect(gathered.trunk - scattered.trunk).toBeCloseTo(difference / 1e9, 12);
  });
});
