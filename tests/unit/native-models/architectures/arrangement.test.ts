import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  arrangementFeeds,
  arrangeTokens,
  type SequenceGrid,
} from '#native-models/architectures/timesformer/arrangement.ts';

const scene = fc
  .record({ frames: fc.integer({ min: 1, max: 6 }), patches: fc.integer({ min: 1, max: 12 }) })
  .chain(({ frames, patches }) =>
    fc.record({
      frames: fc.constant(frames),
      patches: fc.constant(patches),
      kept: fc
        .subarray(Array.from({ length: frames * patches }, (_, token) => token))
        .map((tokens) => Uint32Array.from(tokens).sort()),
      bucket: fc.constantFrom(1, 2, 4, 8),
    }),
  );

/** What stands in each used slot, row by row. */
function rowsOf({ sequences, length, slots, bias }: SequenceGrid): number[][] {
  return Array.from({ length: sequences }, (_, row) =>
    [...slots.subarray(row * length, (row + 1) * length)].map(Number).filter((_, i) => bias[row * length + i] === 0),
  );
}

const byFrame = (kept: Uint32Array, frames: number) =>
  Array.from({ length: frames }, (_, frame) => [...kept].filter((token) => token % frames === frame));

describe('tokens arranged for joint attention', () => {
  it('are the rows of the kept tokens, then hidden padding up to the bucket', () => {
    fc.assert(
      fc.property(scene, ({ kept, frames, bucket }) => {
        const { keptRows, rowBias, time, space } = arrangeTokens('joint_space_time', kept, frames, bucket);
        expect([...keptRows].slice(0, kept.length).map(Number)).toEqual([...kept].map((token) => token + 1));
        expect(rowBias).toHaveLength(1 + keptRows.length);
        rowBias.forEach((bias, row) => {
          if (row <= kept.length) expect(bias).toBe(0);
          else expect(bias).toBeLessThanOrEqual(-1e4);
        });
        expect([time, space]).toEqual([null, null]);
        if (bucket === 1) expect(keptRows).toHaveLength(kept.length);
        else expect(keptRows.length % bucket).toBe(0);
      }),
    );
  });
});

describe('tokens arranged for divided attention', () => {
  it('stand once in a row of their frame, after CLS', () => {
    fc.assert(
      fc.property(scene, ({ kept, frames, bucket }) => {
        const { space } = arrangeTokens('divided_space_time', kept, frames, bucket);
        // Slot 0 is CLS, slot 1 the first kept token.
        const places = byFrame(kept, frames).map((tokens) => [0, ...tokens.map((token) => kept.indexOf(token) + 1)]);
        expect(rowsOf(space!)).toEqual(places);
      }),
    );
  });

  it('stand once in a row of their patch position, in the order of time', () => {
    fc.assert(
      fc.property(scene, ({ kept, frames, patches, bucket }) => {
        const { time } = arrangeTokens('divided_space_time', kept, frames, bucket);
        const positions = Array.from({ length: patches }, (_, patch) =>
          [...kept].flatMap((token, i) => (Math.floor(token / frames) === patch ? [i] : [])),
        );
        const filled = (rows: number[][]) => rows.filter((row) => row.length > 0);
        expect(filled(rowsOf(time!))).toEqual(filled(positions));
      }),
    );
  });

  it('are found again where they were put', () => {
    fc.assert(
      fc.property(scene, ({ kept, frames, bucket }) => {
        const { time, timeBack, space, spaceBack } = arrangeTokens('divided_space_time', kept, frames, bucket);
        kept.forEach((_, i) => {
          const [timeSlot, spaceSlot] = [Number(timeBack[i]), Number(spaceBack[i])];
          expect(time!.slots[timeSlot]).toBe(BigInt(i));
          expect(time!.bias[timeSlot]).toBe(0);
          expect(space!.slots[spaceSlot]).toBe(BigInt(i + 1));
          expect(space!.bias[spaceSlot]).toBe(0);
        });
      }),
    );
  });
});

describe('tokens arranged for space-only attention', () => {
  it("stand once in a row of their frame, as rows of the stem's tokens", () => {
    fc.assert(
      fc.property(scene, ({ kept, frames, bucket }) => {
        const { space, time } = arrangeTokens('space_only', kept, frames, bucket);
        expect(rowsOf(space!)).toEqual(byFrame(kept, frames).map((tokens) => [0, ...tokens.map((token) => token + 1)]));
        expect(time).toBeNull();
      }),
    );
  });
});

describe.each(['joint_space_time', 'divided_space_time', 'space_only'] as const)('an arrangement for %s', (type) => {
  it('points at nothing that is not there', () => {
    fc.assert(
      fc.property(scene, ({ kept, frames, patches, bucket }) => {
        const { keptRows, time, timeBack, space, spaceBack } = arrangeTokens(type, kept, frames, bucket);
        const tokens = 1 + frames * patches;
        const within = (indices: BigInt64Array, limit: number) =>
          indices.every((index) => index >= 0n && index < BigInt(limit));
        expect(within(keptRows, tokens)).toBe(true);
        expect([timeBack.length, spaceBack.length]).toEqual([keptRows.length, keptRows.length]);
        if (time !== null) {
          expect(within(time.slots, keptRows.length)).toBe(true);
          expect(within(timeBack, time.sequences * time.length)).toBe(true);
        }
        if (space !== null) {
          expect(within(space.slots, type === 'space_only' ? tokens : 1 + keptRows.length)).toBe(true);
          expect(within(spaceBack, space.sequences * space.length)).toBe(true);
        }
      }),
    );
  });

  it('has sizes that are multiples of the bucket, and none that is too large', () => {
    fc.assert(
      fc.property(scene, ({ kept, frames, bucket }) => {
        const { keptRows, time, space } = arrangeTokens(type, kept, frames, bucket);
        const longest = Math.max(...byFrame(kept, frames).map((tokens) => 1 + tokens.length));
        const positions = new Set([...kept].map((token) => Math.floor(token / frames))).size;
        const fits = (size: number, needed: number) => {
          expect(size % bucket).toBe(0);
          expect(size).toBeGreaterThanOrEqual(needed);
          expect(size).toBeLessThan(Math.max(needed, 1) + bucket);
        };
        fits(keptRows.length, kept.length);
        if (space !== null) fits(space.length, longest);
        if (time !== null) fits(time.sequences, positions);
        if (time !== null) expect(time.length).toBeLessThanOrEqual(frames);
      }),
    );
  });

  it('is fed as tensors whose sizes match their numbers', () => {
    fc.assert(
      fc.property(scene, ({ kept, frames, bucket }) => {
        const feeds = arrangementFeeds(type, arrangeTokens(type, kept, frames, bucket), bucket > 1);
        for (const { dims, data } of Object.values(feeds)) {
          expect(data).toHaveLength(dims.reduce((product, size) => product * size, 1));
        }
      }),
    );
  });
});
