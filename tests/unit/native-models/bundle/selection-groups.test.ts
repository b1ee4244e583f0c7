import { describe, expect, it } from 'vitest';
import type { DeitConfig, Selection } from '#native-models/bundle/manifest.ts';
import { selectionFault } from '#native-models/bundle/selection-groups.ts';
import { TINY } from '../../../fixtures/weights.ts';

const selection: Selection = { heads: 6, threshold: 0.5, groups: [{ firstBlock: 0, blocks: 2 }] };
const motionAware: Selection = { ...selection, interpreter: 'motion-aware' };

describe('a motion-aware interpreter', () => {
  it('fits a model that sees at least two frames', () => {
    expect(selectionFault(TINY, motionAware)).toBeNull();
    expect(selectionFault({ ...TINY, numFrames: 1 }, motionAware)).toContain('no frames to compare');
    expect(selectionFault({ ...TINY, numFrames: 1 }, selection)).toBeNull();
  });

  it('fits no image model', () => {
    const { attention: _, numFrames: __, ...sizes } = TINY;
    const deit: DeitConfig = { ...sizes, kind: 'deit' };
    expect(selectionFault(deit, motionAware)).toContain('no frames to compare');
    expect(selectionFault(deit, selection)).toBeNull();
  });
});
