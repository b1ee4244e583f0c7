import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PlannedClip, planClips } from '#engine/video/plan.ts';
import { evenRuns, firstSlot, sampleGrid, slotCount } from '#engine/video/sample-grid.ts';

const TICK = 1 / 90_000;

const plans = fc
  .record({
    framesPerSecond: fc.constantFrom(12, 24000 / 1001, 25, 30000 / 1001, 30, 60000 / 1001),
    numFrames: fc.integer({ min: 1, max: 16 }),
    samplingRate: fc.integer({ min: 1, max: 32 }),
    strideSeconds: fc.option(fc.constantFrom(0.25, 1, 1.7, 4, 20), { nil: undefined }),
    startSeconds: fc.constantFrom(0, 3.3),
  })
  .map(({ framesPerSecond, strideSeconds, startSeconds, ...timing }) => {
    const video = { path: '/video.mp4', durationSeconds: 40, framesPerSecond };
    const stride = strideSeconds === undefined ? {} : { strideSeconds };
    return {
      framesPerSecond,
      clips: planClips(video, { ...timing, ...stride, span: { startSeconds, endSeconds: 40 } }),
    };
  });

/** Every distinct moment that any clip looks at, ascending, in frames. */
function moments(clips: readonly PlannedClip[], framesPerSecond: number): number[] {
  const all = clips.flatMap(({ sampleSeconds }) => sampleSeconds.map((s) => s * framesPerSecond)).sort((a, b) => a - b);
  return all.filter((moment, i) => i === 0 || moment - all[i - 1]! > 1e-4);
}

describe('a sample grid', () => {
  test('gives a frame on the average rate to exactly the samples whose floor it is', () => {
    fc.assert(
      fc.property(plans, fc.nat(999), ({ framesPerSecond, clips }, seed) => {
        const grid = sampleGrid(clips, framesPerSecond, TICK);
        const clip = seed % clips.length;
        for (const [sample, s] of clips[clip]!.sampleSeconds.entries()) {
          const slot = clip * grid.residues.length + grid.slotOffsets[sample]!;
          const shown = Math.floor(s * framesPerSecond + 1e-4);
          // Time stamps come in whole microseconds.
          const micros = (n: number) => Math.round((n / framesPerSecond) * 1e6);
          expect(firstSlot(grid, micros(shown))).toBeLessThanOrEqual(slot);
          expect(firstSlot(grid, micros(shown + 1))).toBeGreaterThan(slot);
        }
      }),
    );
  });

  test('numbers the moments in ascending order, and leaves none of them out', () => {
    fc.assert(
      fc.property(plans, ({ framesPerSecond, clips }) => {
        const grid = sampleGrid(clips, framesPerSecond, TICK);
        const slots = new Map<number, number>();
        for (const [k, clip] of clips.entries()) {
          for (const [i, s] of clip.sampleSeconds.entries()) {
            const slot = k * grid.residues.length + grid.slotOffsets[i]!;
            const known = slots.get(slot);
            if (known !== undefined) expect(Math.abs(known - s * framesPerSecond)).toBeLessThan(1e-3);
            slots.set(slot, s * framesPerSecond);
          }
        }
        expect(Math.max(...slots.keys())).toBe(slotCount(grid) - 1);
        const inSlotOrder = [...slots].sort(([a], [b]) => a - b).map(([, moment]) => moment);
        expect(inSlotOrder).toEqual(inSlotOrder.toSorted((a, b) => a - b));
        expect(slots.size).toBe(moments(clips, framesPerSecond).length);
      }),
    );
  });

  test('takes a time stamp that was rounded to milliseconds for the frame it means', () => {
    const [clip] = planClips(
      { path: '/v.mkv', durationSeconds: 2, framesPerSecond: 30000 / 1001 },
      { numFrames: 8, samplingRate: 1 },
    );
    // x = linspace(0, 6.992, 8): sample 1 is at frame 0.9989, so frame 1 at 33 ms, a little early, is not yet on screen.
    const grid = sampleGrid([clip!], 30000 / 1001, 1e-3);
    expect(firstSlot(grid, 33_000)).toBe(2);
    expect(firstSlot(grid, 0)).toBe(0);
  });
});

describe('evenRuns', () => {
  const all = planClips(
    { path: '/v.mp4', durationSeconds: 60, framesPerSecond: 30 },
    { numFrames: 8, samplingRate: 32, strideSeconds: 1 },
  );
  const runs = (...indices: number[]) =>
    evenRuns(indices.map((i) => all[i]!)).map((run) => run.map(({ index }) => index));

  test('a plan is one run', () => {
    expect(evenRuns(all)).toEqual([all]);
  });

  test('a selection of clips falls into evenly spaced parts, in the same order', () => {
    expect(runs(0, 1, 2, 7, 9, 11, 30)).toEqual([[0, 1, 2], [7, 9, 11], [30]]);
    expect(runs(5, 3)).toEqual([[5], [3]]);
    expect(runs()).toEqual([]);
  });
});
