import { describe, expect, test } from 'vitest';
import type { ClipAtHand, ViewScores } from '../../../../renderer/src/state/analysis.svelte.ts';
import { analysedClips, timelineClips } from '../../../../renderer/src/timeline/timeline-clip.ts';

const scoresOf = (crop: ViewScores['crop'], kept: number): ViewScores => ({
  ...{ clip: 4, crop, origin: [0, 0], frameSize: [100, 50], startSeconds: 8, endSeconds: 10, frameSeconds: [] },
  ...{ scores: new Float32Array(10), kept: new Uint32Array(kept) },
});

const view = { origin: [0, 0] as [number, number], totalTokens: 10, gmacs: 1, top: [] };
const finished: ClipAtHand = {
  scores: {},
  probabilities: Float32Array.of(0.5, 0.5, 0, 1, 0.25, 0.75),
  result: {
    ...{ index: 4, startSeconds: 8, endSeconds: 10, frameIndices: [], frameSeconds: [] },
    views: [
      { ...view, crop: 'left', keptTokens: 1 },
      { ...view, crop: 'center', keptTokens: 2 },
      { ...view, crop: 'right', keptTokens: 6 },
    ],
    oneClip: { top: [] },
    threeClip: { top: [], agrees: false },
  },
};

describe('a clip of which only scores are there', () => {
  const clips = [
    undefined,
    { scores: { left: scoresOf('left', 2), center: scoresOf('center', 4) }, result: null, probabilities: null },
  ];

  test('has its time and what is kept so far', () => {
    expect(timelineClips(clips, 'threeClip')).toEqual([
      { index: 4, startSeconds: 8, endSeconds: 10, probabilities: null, keepRatio: 0.3, agrees: null },
    ]);
    expect(timelineClips(clips, 'oneClip')[0]?.keepRatio).toBe(0.4);
  });

  test('is not analysed', () => {
    expect(analysedClips(timelineClips(clips, 'threeClip'))).toEqual([]);
  });

  test('is nothing for one clip before the centre was scored', () => {
    const left = [{ scores: { left: scoresOf('left', 2) }, result: null, probabilities: null }];
    expect(timelineClips(left, 'oneClip')).toEqual([]);
  });
});

describe('a finished clip', () => {
  test('goes by all crops', () => {
    const [clip] = analysedClips(timelineClips([finished], 'threeClip'));
    expect([...clip!.probabilities]).toEqual([0.25, 0.75]);
    expect(clip).toMatchObject({ keepRatio: 0.3, agrees: false });
  });

  test('or by the centre alone', () => {
    const [clip] = analysedClips(timelineClips([finished], 'oneClip'));
    expect([...clip!.probabilities]).toEqual([0, 1]);
    expect(clip!.keepRatio).toBe(0.2);
  });

  test('stays the same for as long as it does not change', () => {
    expect(timelineClips([finished], 'threeClip')[0]).toBe(timelineClips([finished], 'threeClip')[0]);
  });
});
