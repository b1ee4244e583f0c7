import { describe, expect, it } from 'vitest';
import { SelectorUnavailableError, UsageError } from '#contract/errors.ts';
import type { Manifest, Selection } from '#native-models/bundle/manifest.ts';
import { keptPatches, resolveImageSelector } from '#native-models/selection/image-selector.ts';
import { availableSelectors } from '#native-models/selection/selector.ts';

const selection: Selection = {
  heads: 6,
  threshold: 0.48,
  groups: [0, 4, 8].map((firstBlock) => ({ firstBlock, blocks: 4 })),
};
const modelWith = (part: Selection | null) =>
  ({ name: 'deit', architecture: { kind: 'deit' }, selection: part }) as Manifest;
const three = modelWith(selection);
const plain = modelWith(null);

describe('what chooses the patches of an image', () => {
  it('is what the model has, at its own threshold', () => {
    const rule = { kind: 'threshold', threshold: 0.48 };
    expect(resolveImageSelector(three)).toEqual({ name: 'interpreter', rules: [rule, rule, rule] });
    expect(resolveImageSelector(plain)).toEqual({ name: 'full' });
    expect(availableSelectors(three)).toEqual(['interpreter', 'full', 'random']);
    expect(availableSelectors(plain)).toEqual(['full', 'random']);
  });

  it('takes one number for all groups, or one for each', () => {
    const at = (...thresholds: number[]) => thresholds.map((threshold) => ({ kind: 'threshold', threshold }));
    expect(resolveImageSelector(three, { thresholds: [0.5] })).toMatchObject({ rules: at(0.5, 0.5, 0.5) });
    expect(resolveImageSelector(three, { thresholds: [0.5, 0.4, 0.3] })).toMatchObject({ rules: at(0.5, 0.4, 0.3) });
    for (const wrong of [[], [0.5, 0.4], [0.5, 0.4, 0.3, 0.2]]) {
      expect(() => resolveImageSelector(three, { thresholds: wrong })).toThrow(UsageError);
    }
  });

  it('is chance where there is a budget and nothing that scores, half of the patches if nobody says', () => {
    const half = { kind: 'keep', ratio: 0.5 };
    expect(resolveImageSelector(plain, { keep: [0.3] })).toEqual({
      ...{ name: 'random', seed: 0 },
      rules: [{ kind: 'keep', ratio: 0.3 }],
    });
    expect(resolveImageSelector(three, { name: 'random', seed: 7 })).toEqual({
      ...{ name: 'random', seed: 7 },
      rules: [half, half, half],
    });
  });

  it('cannot be an interpreter that is not there', () => {
    expect(() => resolveImageSelector(plain, { name: 'interpreter' })).toThrow(SelectorUnavailableError);
  });
});

describe('the patches that a rule keeps', () => {
  const scores = Float32Array.of(0.9, 0.1, 0.8, 0.7, 0.2, 0.6, 0.5, 0.3);
  const present = Uint32Array.of(1, 3, 5, 6);

  it('are those above the threshold, of those that are there', () => {
    expect([...keptPatches(present, scores, { kind: 'threshold', threshold: 0.5 })]).toEqual([3, 5]);
    expect([...keptPatches(present, scores, { kind: 'threshold', threshold: 0 })]).toEqual([...present]);
  });

  it('are the best of those that are there, as many as that share of all is', () => {
    const keeping = (ratio: number) => [...keptPatches(present, scores, { kind: 'keep', ratio })];
    expect(keeping(0.25)).toEqual([3, 5]);
    expect(keeping(0.375)).toEqual([3, 5, 6]);
    expect(keeping(1)).toEqual([...present]);
    expect(keeping(0)).toEqual([]);
    expect(keptPatches(new Uint32Array(), scores, { kind: 'keep', ratio: 0.5 })).toHaveLength(0);
  });
});
