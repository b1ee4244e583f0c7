import { describe, expect, it } from 'vitest';
import type { Architecture, DeitConfig, Selection } from '#native-models/bundle/manifest.ts';
import { expectedParameters } from '#native-models/bundle/parameters.ts';
import { checkParameters, inferArchitecture, inferSelection } from '#native-models/checkpoints/infer-architecture.ts';
import type { NamedWeights } from '#native-models/checkpoints/key-maps.ts';
import { TINY } from '../../../fixtures/weights.ts';

const DEIT: DeitConfig = {
  kind: 'deit',
  imageSize: 16,
  patchSize: 4,
  dim: 12,
  depth: 6,
  heads: 3,
  mlpDim: 24,
  classes: 5,
  layerNormEps: 1e-6,
};

function named(
  architecture: Architecture,
  selection: Selection | null = null,
  change?: Record<string, number[] | null>,
): NamedWeights {
  const shapes = new Map(expectedParameters(architecture, selection));
  for (const [name, shape] of Object.entries(change ?? {})) {
    if (shape === null) shapes.delete(name);
    else shapes.set(name, shape);
  }
  const weights = [...shapes].map(([name, shape]) => {
    return [name, { dtype: 'F32', shape, parts: [] }] as const;
  });
  const { kind } = architecture;
  return { format: kind, kind, weights: new Map(weights), groupSizes: null, ignored: [] };
}

const groups = (...sizes: number[]) =>
  sizes.map((blocks, i) => ({ firstBlock: sizes.slice(0, i).reduce((a, b) => a + b, 0), blocks }));

describe('the architecture follows from the weights', () => {
  it.each(['divided_space_time', 'joint_space_time'] as const)('of a TimeSformer with %s', (attention) => {
    const architecture = { ...TINY, attention };
    expect(inferArchitecture(named(architecture), { heads: 3 })).toEqual(architecture);
  });

  it('of a space-only TimeSformer, whose number of frames must be given or is 8', () => {
    const architecture: Architecture = { ...TINY, attention: 'space_only', numFrames: 16 };
    expect(inferArchitecture(named(architecture), { heads: 3, numFrames: 16 })).toEqual(architecture);
    expect(inferArchitecture(named(architecture), { heads: 3 })).toMatchObject({ numFrames: 8 });
  });

  it('of a DeiT', () => {
    expect(inferArchitecture(named(DEIT), { heads: 3 })).toEqual(DEIT);
  });

  it('with 64 channels a head where nobody says otherwise', () => {
    const base = { ...TINY, dim: 768, heads: 12 };
    expect(inferArchitecture(named(base), {})).toMatchObject({ heads: 12 });
    expect(inferArchitecture(named(base), { heads: 8 })).toMatchObject({ heads: 8 });
  });
});

describe('weights are refused when', () => {
  it.each<[string, Record<string, number[] | null>, RegExp]>([
    ['there is no position embedding', { pos_embed: null }, /no "pos_embed"/],
    ['the patches make no square', { pos_embed: [1, 6, 12] }, /5 patches, which are no square/],
    ['there is only a class token', { pos_embed: [1, 1, 12] }, /0 patches/],
    ['a shape has another rank', { 'head.weight': [60] }, /1 dimensions instead of 2/],
    ['a size is zero', { 'head.weight': [0, 12] }, /do not make a model/],
    ['a size is beyond reason', { 'head.weight': [5_000_000, 12] }, /do not make a model/],
  ])('%s', (_, change, reason) => {
    expect(() => inferArchitecture(named(TINY, null, change), { heads: 3 })).toThrow(
      expect.objectContaining({ code: 'checkpoint-mismatch', message: expect.stringMatching(reason) }),
    );
  });

  it('the number of heads cannot be told', () => {
    expect(() => inferArchitecture(named(TINY), {})).toThrow(
      expect.objectContaining({ hint: expect.stringContaining('--heads') }),
    );
  });

  it('a distilled DeiT has a second class token, and it is said how to go on', () => {
    for (const change of [{ dist_token: [1, 1, 12] }, { 'head_dist.weight': [5, 12] }]) {
      expect(() => inferArchitecture(named(DEIT, null, change), { heads: 3 })).toThrow(
        expect.objectContaining({
          code: 'checkpoint-mismatch',
          message: expect.stringContaining('second class token'),
          hint: expect.stringContaining('without a teacher'),
        }),
      );
    }
  });

  it('the heads do not divide the width', () => {
    expect(() => inferArchitecture(named(TINY), { heads: 5 })).toThrow(/heads must divide dim/);
  });

  it('another number of frames is asked for than they have', () => {
    expect(() => inferArchitecture(named(TINY), { heads: 3, numFrames: 8 })).toThrow(/for 2 frames, and 8/);
  });

  it('some are missing, unknown or of another shape: all of it is said', () => {
    const change = { 'blocks.1.norm2.bias': null, dist_token: [1, 1, 12], 'norm.bias': [13] };
    expect(() => checkParameters(named(TINY, null, change), TINY, null)).toThrow(
      /without blocks\.1\.norm2\.bias; with unknown dist_token; of another shape norm\.bias \[13\] instead of \[12\]/,
    );
  });

  it('a hundred are missing: the first five are named', () => {
    const deep = { ...TINY, depth: 12 };
    const message = /without blocks\.2\.norm1\.weight, .* and 195 more/;
    expect(() => checkParameters(named(TINY), deep, null)).toThrow(message);
  });
});

describe('the groups of interpreters', () => {
  const selection: Selection = { heads: 6, threshold: 0.5, groups: groups(2, 2, 2) };

  it('are none without interpreters', () => {
    expect(inferSelection(named(DEIT), DEIT, {})).toBeNull();
  });

  it('divide the blocks equally unless the checkpoint says how', () => {
    expect(inferSelection(named(DEIT, selection), DEIT, {})).toEqual(selection);
    const told = { ...named(DEIT, selection), groupSizes: [1, 2, 3] };
    expect(inferSelection(told, DEIT, {})).toEqual({ ...selection, groups: groups(1, 2, 3) });
  });

  it('have the heads that are asked for', () => {
    expect(inferSelection(named(DEIT, selection), DEIT, { interpreterHeads: 4 })).toMatchObject({ heads: 4 });
    expect(() => inferSelection(named(DEIT, selection), DEIT, { interpreterHeads: 5 })).toThrow(/do not divide 12/);
  });

  it('are refused when they do not fit the blocks', () => {
    const four = { ...selection, groups: groups(2, 2, 1, 1) };
    expect(() => inferSelection(named(DEIT, four), DEIT, {})).toThrow(/4 interpreters do not divide 6 blocks/);
    const told = { ...named(DEIT, selection), groupSizes: [2, 2] };
    expect(() => inferSelection(told, DEIT, {})).toThrow(/3 interpreters do not divide/);
  });

  it('are one for a video model', () => {
    const two = { ...selection, groups: groups(1, 1) };
    expect(() => inferSelection(named(TINY, two), TINY, {})).toThrow(/a video model has one/);
  });
});
