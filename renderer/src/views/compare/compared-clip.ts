import type { ClipResult, Prediction } from '#contract/analysis.ts';
import { probabilitiesOf, type TimeSpan } from '#contract/intervals.ts';
import type { ClipAtHand } from '../../state/analysis.svelte.ts';

/** A clip of which both answers are there: that of the centre crop alone, and that of the three crops together. */
export interface ComparedClip extends TimeSpan {
  readonly index: number;
  readonly result: ClipResult;
  /** `[classes]`, softmax of the centre crop. */
  readonly one: Float32Array;
  /** `[classes]`, mean of the softmax over the crops. */
  readonly three: Float32Array;
  readonly oneWinner: Prediction;
  readonly threeWinner: Prediction;
  readonly agrees: boolean;
  /** 10⁹ multiply-accumulates of the centre crop. */
  readonly gmacsOne: number;
  /** Of all three. */
  readonly gmacsThree: number;
}

const compared = new WeakMap<ClipAtHand, ComparedClip | null>();

/** Those clips that can be compared, in the order of time. Each is worked out once. */
export function comparedClips(clips: readonly (ClipAtHand | undefined)[]): readonly ComparedClip[] {
  return clips.flatMap((clip) => {
    if (clip === undefined) return [];
    let found = compared.get(clip);
    if (found === undefined) {
      found = comparedClip(clip);
      compared.set(clip, found);
    }
    return found ?? [];
  });
}

function comparedClip({ result, probabilities }: ClipAtHand): ComparedClip | null {
  const oneWinner = result?.oneClip.top[0];
  const threeWinner = result?.threeClip?.top[0];
  const centre = result?.views.find(({ crop }) => crop === 'center');
  if (result === null || result.threeClip === undefined || probabilities === null) return null;
  if (oneWinner === undefined || threeWinner === undefined || centre === undefined) return null;
  const { index, startSeconds, endSeconds, views, threeClip } = result;
  return {
    ...{ index, startSeconds, endSeconds, result, oneWinner, threeWinner, agrees: threeClip.agrees },
    one: probabilitiesOf(result, probabilities, 'oneClip'),
    three: probabilitiesOf(result, probabilities, 'threeClip'),
    gmacsOne: centre.gmacs,
    gmacsThree: views.reduce((sum, { gmacs }) => sum + gmacs, 0),
  };
}
