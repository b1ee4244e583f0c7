import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neighbouringFrame } from '../../../../renderer/src/state/neighbouring-frame.ts';

/** A video whose frames begin at `starts`; counts how often it is looked at. */
function player(starts: readonly number[]) {
  const state = { looks: 0, shown: 0 };
  const look = async (seconds: number) => {
    state.looks++;
    state.shown = starts.findLast((start) => start <= seconds + 1e-9) ?? 0;
    return state.shown;
  };
  return { look, state };
}

async function steps(starts: readonly number[], direction: 1 | -1, first: number): Promise<number[]> {
  const endSeconds = starts.at(-1)! + 0.04;
  const frameSeconds = endSeconds / starts.length;
  const seen = [first];
  for (;;) {
    const { look, state } = player(starts);
    const next = await neighbouringFrame(look, direction, { from: seen.at(-1)!, frameSeconds, endSeconds });
    if (next === seen.at(-1)) return seen;
    expect(state.shown).toBe(next);
    seen.push(next);
  }
}

describe('in a video whose frames last differently long', () => {
  const jittery = [0, 0.03, 0.071, 0.1, 0.139, 0.17, 0.21];
  const gaps = [0, 0.033, 1.633, 1.667, 1.7, 3.2, 3.233];

  test.each([
    ['a few milliseconds', jittery],
    ['gaps of more than a second', gaps],
  ])('every frame is found forwards: %s', async (_what, starts) => {
    expect(await steps(starts, 1, 0)).toEqual(starts);
  });

  test.each([
    ['a few milliseconds', jittery],
    ['gaps of more than a second', gaps],
  ])('every frame is found backwards: %s', async (_what, starts) => {
    expect(await steps(starts, -1, starts.at(-1)!)).toEqual(starts.toReversed());
  });

  test('none is passed by that lasts a 120th of a second', async () => {
    const lasting = fc.double({ min: 1 / 119, max: 2, noNaN: true });
    await fc.assert(
      fc.asyncProperty(fc.array(lasting, { minLength: 2, maxLength: 8 }), async (gaps) => {
        let end = 0;
        const starts = [0, ...gaps.map((gap) => (end += gap))];
        const { look, state } = player(starts);
        const video = { from: 0, frameSeconds: end / gaps.length, endSeconds: end + 0.04 };
        expect(await neighbouringFrame(look, 1, video)).toBe(starts[1]);
        expect(state.looks).toBeLessThan(16);
      }),
    );
  });
});

test('at the ends of the video there is nothing to find', async () => {
  const { look } = player([0, 0.04]);
  const video = { frameSeconds: 0.04, endSeconds: 0.08 };
  expect(await neighbouringFrame(look, -1, { from: 0, ...video })).toBe(0);
  expect(await neighbouringFrame(look, 1, { from: 0.04, ...video })).toBe(0.04);
});
