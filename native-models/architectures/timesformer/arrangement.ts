import type { AttentionType } from '../../bundle/manifest.ts';
import { type ArrangementFeed, indexFeed, type KeptRows, roundedUp, rowFeeds, rowsOf } from '../kept-rows.ts';
import { HIDDEN } from '../token-mask.ts';

/**
 * Where kept tokens go so that those that attend to each other lie side by side.
 *
 * Divided and space-only attention work on many short sequences: the kept tokens of one patch position over time, or
 * of one frame. Their lengths differ, so each kind of sequence is a grid padded to its longest row; a bias hides the
 * padding. Linear layers never see the grids, only the kept tokens, so dropped tokens cost nothing there.
 */

/** Row-major grid of token rows. */
export interface SequenceGrid {
  readonly sequences: number;
  readonly length: number;
  /** `[sequences · length]`: which row of the input stands in this slot; 0 where nothing does. */
  readonly slots: BigInt64Array;
  /** `[sequences · length]`: 0 for a used slot, {@link HIDDEN} for padding. */
  readonly bias: Float32Array;
}

/** What the selected trunk is fed besides the tokens. */
export interface TokenArrangement extends KeptRows {
  /** Kept tokens of one patch position over time; slots count from 0 among `keptRows`. Divided attention only. */
  readonly time: SequenceGrid | null;
  /** `[keptRows]`: the slot of each kept token in `time`. */
  readonly timeBack: BigInt64Array;
  /**
   * CLS and the kept tokens of one frame. Slots count CLS as 0 and kept tokens from 1 (divided), or are rows of the
   * stem's tokens (space-only). Not for joint attention.
   */
  readonly space: SequenceGrid | null;
  /** `[keptRows]`: the slot of each kept token in `space`. */
  readonly spaceBack: BigInt64Array;
}

/**
 * @param kept Sorted indices of the kept patch tokens (without CLS), `patch·frames + frame`.
 * @param bucket Sizes that depend on what was kept are rounded up to multiples of it: providers that compile for each
 *   shape then meet few shapes. 1 means no padding beyond what the sequences need.
 */
export function arrangeTokens(
  attention: AttentionType,
  kept: Uint32Array,
  frames: number,
  bucket = 1,
): TokenArrangement {
  const roundUp = (size: number) => roundedUp(size, bucket);
  // Joint attention needs no token besides CLS; the grids of the others need one to point at.
  const count = attention === 'joint_space_time' && bucket === 1 ? kept.length : roundUp(kept.length);
  const rows = rowsOf(kept, count);
  const none = new BigInt64Array(count);
  if (attention === 'joint_space_time') {
    return { ...rows, time: null, timeBack: none, space: null, spaceBack: none };
  }

  const inFrame = new Uint32Array(kept.length);
  const frameLengths = new Uint32Array(frames).fill(1);
  kept.forEach((token, i) => {
    const frame = token % frames;
    inFrame[i] = frameLengths[frame] ?? 0;
    frameLengths[frame] = (frameLengths[frame] ?? 0) + 1;
  });
  const space = emptyGrid(frames, roundUp(Math.max(...frameLengths)));
  const spaceBack = new BigInt64Array(count);
  for (let frame = 0; frame < frames; frame++) space.bias[frame * space.length] = 0;
  kept.forEach((token, i) => {
    const slot = (token % frames) * space.length + (inFrame[i] ?? 0);
    space.slots[slot] = BigInt(attention === 'space_only' ? token + 1 : i + 1);
    space.bias[slot] = 0;
    spaceBack[i] = BigInt(slot);
  });
  if (attention === 'space_only') return { ...rows, time: null, timeBack: none, space, spaceBack };

  const sequenceOf = new Uint32Array(kept.length);
  const inSequence = new Uint32Array(kept.length);
  let sequences = 0;
  let longest = 0;
  for (let i = 0; i < kept.length; i++) {
    const continues = i > 0 && samePatch(kept[i - 1], kept[i], frames);
    if (!continues) sequences++;
    sequenceOf[i] = sequences - 1;
    inSequence[i] = continues ? (inSequence[i - 1] ?? 0) + 1 : 0;
    longest = Math.max(longest, (inSequence[i] ?? 0) + 1);
  }
  // The number of frames bounds this length, so there are few shapes without any bucket.
  const time = emptyGrid(roundUp(sequences), bucket === 1 ? Math.max(1, longest) : frames);
  const timeBack = new BigInt64Array(count);
  for (let i = 0; i < kept.length; i++) {
    const slot = (sequenceOf[i] ?? 0) * time.length + (inSequence[i] ?? 0);
    time.slots[slot] = BigInt(i);
    time.bias[slot] = 0;
    timeBack[i] = BigInt(slot);
  }
  return { ...rows, time, timeBack, space, spaceBack };
}

/** The inputs of the selected trunk, besides `tokens`, as that graph wants them. */
export function arrangementFeeds(
  attention: AttentionType,
  arrangement: TokenArrangement,
  padded: boolean,
): Record<string, ArrangementFeed> {
  const { time, timeBack, space, spaceBack } = arrangement;
  const grid = (name: string, { sequences, length, slots, bias }: SequenceGrid) => ({
    [`${name}Slots`]: indexFeed(slots, [sequences, length]),
    [`${name}Bias`]: { dtype: 'float32', dims: [sequences, 1, 1, length], data: bias } as const,
  });
  return {
    ...(attention === 'space_only' ? {} : rowFeeds(arrangement, attention === 'joint_space_time' && padded)),
    ...(time === null ? {} : { ...grid('time', time), timeBack: indexFeed(timeBack, [timeBack.length]) }),
    ...(space === null ? {} : grid('space', space)),
    ...(attention === 'divided_space_time' ? { spaceBack: indexFeed(spaceBack, [spaceBack.length]) } : {}),
  };
}

function emptyGrid(sequences: number, length: number): SequenceGrid {
  const size = sequences * length;
  return { sequences, length, slots: new BigInt64Array(size), bias: new Float32Array(size).fill(HIDDEN) };
}

function samePatch(a = 0, b = 0, frames = 1): boolean {
  return Math.floor(a / frames) === Math.floor(b / frames);
}
