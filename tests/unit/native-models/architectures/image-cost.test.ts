import { describe, expect, it } from 'vitest';
import { imageCost } from '#native-models/architectures/deit/cost.ts';
import type { DeitConfig } from '#native-models/bundle/manifest.ts';

function deit(dim: number): DeitConfig {
  const sizes = { imageSize: 224, patchSize: 16, depth: 12, mlpDim: 4 * dim, classes: 1000, layerNormEps: 1e-6 };
  return { kind: 'deit', dim, heads: dim / 64, ...sizes };
}

const PATCHES = 196;
const ONE = [{ firstBlock: 0, blocks: 12 }];
const THREE = [0, 4, 8].map((firstBlock) => ({ firstBlock, blocks: 4 }));

describe('the cost of an image', () => {
  it.each([
    ['Ti', 192, '1.3'],
    ['S', 384, '4.6'],
    ['B', 768, '17.6'],
  ])('is what DeiT-%s is published with when everything is kept', (_, dim, published) => {
    const plain = imageCost(deit(dim), ONE, null, false);
    expect(plain.total.toFixed(1)).toBe(published);
    expect(imageCost(deit(dim), THREE, null, false).total).toBeCloseTo(plain.total, 12);
    expect(imageCost(deit(dim), THREE, [PATCHES, PATCHES, PATCHES], false).total).toBeCloseTo(plain.total, 12);
  });

  it('is that of its parts', () => {
    const { stem, interpreters, groups, head, total } = imageCost(deit(384), THREE, [100, 50, 20], true);
    expect(groups).toHaveLength(3);
    expect(total).toBeCloseTo(stem + interpreters + groups.reduce((a, b) => a + b) + head, 12);
    expect(head).toBeCloseTo((384 * 1000) / 1e9, 12);
  });

  it('has in each group what a block of that many tokens takes', () => {
    const dim = 384;
    const { groups } = imageCost(deit(dim), THREE, [100, 50, 0], false);
    const block = (rows: number) => 12 * rows * dim * dim + 2 * rows * rows * dim;
    for (const [group, kept] of [100, 50, 0].entries())
      expect(1e9 * groups[group]!).toBeCloseTo(4 * block(1 + kept), 3);
  });

  it('scores in each group the tokens that the one before has kept, and CLS', () => {
    const { interpreters } = imageCost(deit(384), THREE, [100, 50, 20], true);
    expect(1e9 * interpreters).toBeCloseTo((1 + PATCHES + 101 + 51) * 2 * 384 * 384, 3);
    expect(imageCost(deit(384), THREE, [100, 50, 20], false).interpreters).toBe(0);
  });
});
