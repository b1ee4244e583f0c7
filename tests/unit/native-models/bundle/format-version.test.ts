import { describe, expect, it } from 'vitest';
import { formatVersionOf } from '#native-models/bundle/format-version.ts';
import type { Fetched, Resize, Selection } from '#native-models/bundle/manifest.ts';

const selection: Selection = { heads: 6, threshold: 0.5, groups: [{ firstBlock: 0, blocks: 2 }] };
const preprocessing = { mean: [0.5, 0.5, 0.5] as [number, number, number], std: [1, 1, 1] as [number, number, number] };
const resize: Resize = { mode: 'short-side', filter: 'bicubic', cropFraction: 0.9 };
const fetched: Fetched = { source: 'owner/name', revision: null, date: '2026-01-01T00:00:00.000Z', files: [] };

describe('the format version of a bundle', () => {
  it('is 1 where selection is as in the paper: it stays readable for older programs', () => {
    expect(formatVersionOf({ preprocessing, selection })).toBe(1);
    expect(formatVersionOf({ preprocessing, selection: null })).toBe(1);
  });

  it('is 2 with a motion-aware interpreter', () => {
    expect(formatVersionOf({ preprocessing, selection: { ...selection, interpreter: 'motion-aware' } })).toBe(2);
  });

  it('is 3 where it says where the weights were fetched', () => {
    expect(formatVersionOf({ preprocessing, selection: null, fetched })).toBe(3);
    expect(formatVersionOf({ preprocessing, selection: { ...selection, interpreter: 'motion-aware' }, fetched })).toBe(
      3,
    );
  });

  it('is 4 where it says how images are resized', () => {
    expect(formatVersionOf({ preprocessing: { ...preprocessing, resize }, selection, fetched })).toBe(4);
  });
});
