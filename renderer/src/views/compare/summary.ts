import type { ComparedClip } from './compared-clip.ts';

/** One clip against three, over all clips of a video. */
export interface Summary {
  readonly clips: number;
  readonly agreeing: number;
  /** Share of the clips with the same winner, 0 … 1. */
  readonly agreement: number;
  /** Mean of what averaging adds to the probability of the one-clip winner; negative where it takes some away. */
  readonly changeOfWinner: number;
  /** 10⁹ multiply-accumulates a clip, on average. */
  readonly gmacsOne: number;
  readonly gmacsThree: number;
  /** How many times as much three clips cost. */
  readonly costRatio: number;
}

/** Null without clips. */
export function summaryOf(clips: readonly ComparedClip[]): Summary | null {
  if (clips.length === 0) return null;
  const mean = (value: (clip: ComparedClip) => number) =>
    clips.reduce((sum, clip) => sum + value(clip), 0) / clips.length;
  const agreeing = clips.filter(({ agrees }) => agrees).length;
  const gmacsOne = mean((clip) => clip.gmacsOne);
  const gmacsThree = mean((clip) => clip.gmacsThree);
  return {
    ...{ clips: clips.length, agreeing, agreement: agreeing / clips.length, gmacsOne, gmacsThree },
    changeOfWinner: mean(({ one, three, oneWinner: { index } }) => (three[index] ?? 0) - (one[index] ?? 0)),
    costRatio: gmacsThree / gmacsOne,
  };
}

/** What one clip takes for one class and three take for another. */
export interface Confusion {
  readonly one: { readonly index: number; readonly label: string };
  readonly three: { readonly index: number; readonly label: string };
  /** Indices of the clips, in the order of time. */
  readonly clips: readonly number[];
}

/** Which winner became which, the most frequent first. */
export function confusionsOf(clips: readonly ComparedClip[]): readonly Confusion[] {
  const found = new Map<string, Confusion>();
  for (const { agrees, index, oneWinner, threeWinner } of clips) {
    if (agrees) continue;
    const key = `${oneWinner.index} ${threeWinner.index}`;
    const before = found.get(key);
    found.set(key, { one: oneWinner, three: threeWinner, clips: [...(before?.clips ?? []), index] });
  }
  return [...found.values()].sort((a, b) => b.clips.length - a.clips.length);
}

/** A class in both answers for a clip. */
export interface Change {
  readonly classIndex: number;
  readonly one: number;
  readonly three: number;
}

/** The classes that are among the best `count` of one answer or the other, by the larger of their probabilities. */
export function changesOf({ one, three }: Pick<ComparedClip, 'one' | 'three'>, count: number): readonly Change[] {
  const best = (probabilities: Float32Array) =>
    Array.from(probabilities, (_, i) => i)
      .sort((a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0))
      .slice(0, count);
  return [...new Set([...best(one), ...best(three)])]
    .map((classIndex) => ({ classIndex, one: one[classIndex] ?? 0, three: three[classIndex] ?? 0 }))
    .sort((a, b) => Math.max(b.one, b.three) - Math.max(a.one, a.three));
}

/** The nearest clip before or after one on whose winner the answers differ; null when there is none. */
export function disagreementBeside(
  clips: readonly ComparedClip[],
  index: number,
  direction: 1 | -1,
): ComparedClip | null {
  const found =
    direction === 1
      ? clips.find((clip) => !clip.agrees && clip.index > index)
      : clips.findLast((clip) => !clip.agrees && clip.index < index);
  return found ?? null;
}
