import { describe, expect, test } from 'vitest';
import type { ClipResult } from '#contract/analysis.ts';
import { shownMoments } from '#engine/export/video/shown-moments.ts';
import { markedAnalysis } from '../../../../fixtures/marked-analysis.ts';

const clipsOf = (count: number): readonly ClipResult[] =>
  markedAnalysis({ width: 64, height: 64, clipSeconds: 2, clips: count, keeps: () => true }).clips;
const still = { between: 'hold', clock: false } as const;

/** What a frame with this time stamp shows. */
function at(moments: ReturnType<typeof shownMoments>, seconds: number) {
  return [...moments].findLast((moment) => moment.seconds <= seconds);
}

describe('shownMoments', () => {
  test('shows the sampled frame that is nearest, and of two as near the earlier one', () => {
    const moments = () => shownMoments(clipsOf(1), { ...still, fromSeconds: 0, toSeconds: 2 });
    expect(at(moments(), 0)?.shown).toMatchObject({ frame: 0, share: 0 });
    expect(at(moments(), 0.5)?.shown).toMatchObject({ frame: 0, share: 0 });
    expect(at(moments(), 0.502)?.shown).toMatchObject({ frame: 1, share: 0 });
    expect(at(moments(), 1.99)?.shown).toMatchObject({ frame: 1, share: 0 });
  });

  test('changes to the next clip with the frame that stands on its start, rounded down as it may be', () => {
    const moments = () => shownMoments(clipsOf(3), { ...still, fromSeconds: 0, toSeconds: 6 });
    expect(at(moments(), 1.9667)?.clip?.index).toBe(0);
    expect(at(moments(), 1.9999)?.clip?.index).toBe(1);
    expect(at(moments(), 4)?.clip?.index).toBe(2);
  });

  test('shows the clip with the nearest centre where clips overlap', () => {
    const clips = clipsOf(2).map((clip, i) => ({ ...clip, startSeconds: i, endSeconds: i + 2 }));
    const moments = () => shownMoments(clips, { ...still, fromSeconds: 0, toSeconds: 3 });
    expect(at(moments(), 1.4)?.clip?.index).toBe(0);
    expect(at(moments(), 1.6)?.clip?.index).toBe(1);
  });

  test('shows no clip where none is', () => {
    const clips = clipsOf(2).map((clip, i) => ({ ...clip, startSeconds: 1 + 4 * i, endSeconds: 3 + 4 * i }));
    const moments = () => shownMoments(clips, { ...still, fromSeconds: 0, toSeconds: 10 });
    expect([0.5, 2, 4, 6, 9].map((seconds) => at(moments(), seconds)?.clip?.index)).toEqual([
      undefined,
      0,
      undefined,
      1,
      undefined,
    ]);
  });

  test('begins at a span’s start with what is shown there', () => {
    const [first] = shownMoments(clipsOf(3), { ...still, fromSeconds: 3.2, toSeconds: 4 });
    expect(first).toMatchObject({ clip: { index: 1 }, shown: { frame: 1 } });
    expect(first?.seconds).toBeLessThanOrEqual(3.2);
  });

  test('turns the clock over with the frame that stands on a tenth of a second', () => {
    const moments = () => shownMoments([], { between: 'hold', clock: true, fromSeconds: 0, toSeconds: 2 });
    expect([0, 0.0999, 0.1, 0.95, 1.2999].map((seconds) => at(moments(), seconds)?.tenths)).toEqual([0, 1, 1, 9, 13]);
    expect([...moments()]).toHaveLength(20);
  });

  test('blends two sampled frames in even steps', () => {
    const moments = () => shownMoments(clipsOf(1), { between: 'blend', clock: false, fromSeconds: 0, toSeconds: 2 });
    expect(at(moments(), 0.25)?.shown).toEqual({ frame: 0, next: 1, share: expect.closeTo(0.25) });
    expect(at(moments(), 0.75)?.shown).toEqual({ frame: 0, next: 1, share: expect.closeTo(0.75) });
    expect(at(moments(), 1.5)?.shown).toMatchObject({ frame: 1, share: 0 });
  });

  test('holds the last picture once where a clip goes beyond the video’s end', () => {
    const clips = clipsOf(1).map((clip) => ({ ...clip, frameSeconds: [0, 0.5, 0.5, 0.5] }));
    const moments = () => shownMoments(clips, { ...still, fromSeconds: 0, toSeconds: 2 });
    expect([...moments()].map(({ shown }) => shown?.frame)).toEqual([0, 1]);
  });

  test('comes in the order of time, whatever changes', () => {
    const options = { between: 'blend', clock: true, fromSeconds: 0.37, toSeconds: 5.9 } as const;
    const seconds = [...shownMoments(clipsOf(3), options)].map((moment) => moment.seconds);
    expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
    expect(new Set(seconds).size).toBe(seconds.length);
  });
});
