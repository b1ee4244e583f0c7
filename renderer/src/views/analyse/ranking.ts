import { probabilitiesOf } from '#contract/intervals.ts';
import type { ClipAtHand } from '../../state/analysis.svelte.ts';

/** One class with what one clip and three say of it. */
export interface RankedClass {
  readonly index: number;
  readonly label: string;
  /** Probability by the centre crop alone. */
  readonly oneClip: number;
  /** Mean over the three crops; null where only the centre was run. */
  readonly threeClip: number | null;
}

/** A vector `[classes]` for each of the two ways to answer. */
interface Answers {
  readonly oneClip: Float32Array;
  readonly threeClip: Float32Array | null;
}

/** The classes that are best by all crops that were run, the best first. */
function ranked({ oneClip, threeClip }: Answers, count: number, labels: readonly string[]): readonly RankedClass[] {
  const by = threeClip ?? oneClip;
  const indices = Array.from(by, (_, i) => i).sort((a, b) => (by[b] ?? 0) - (by[a] ?? 0));
  return indices.slice(0, count).map((index) => ({
    index,
    label: labels[index] ?? `class ${index}`,
    oneClip: oneClip[index] ?? 0,
    threeClip: threeClip === null ? null : (threeClip[index] ?? 0),
  }));
}

function answersOf({ result, probabilities }: ClipAtHand): Answers | null {
  if (result === null || probabilities === null) return null;
  const oneClip = probabilitiesOf(result, probabilities, 'oneClip');
  const threeClip = result.views.length === 1 ? null : probabilitiesOf(result, probabilities, 'threeClip');
  return { oneClip, threeClip };
}

/** What a clip is taken for; empty while that is not known. */
export function rankClip(clip: ClipAtHand | null, count: number, labels: readonly string[]): readonly RankedClass[] {
  const answers = clip === null ? null : answersOf(clip);
  return answers === null ? [] : ranked(answers, count, labels);
}

/** The mean over clips, kept up as they come: a long video is not summed anew for each. */
export class MeanAnswer {
  readonly #taken = new Set<ClipAtHand>();
  #oneClip = new Float64Array(0);
  #threeClip: Float64Array | null = null;

  /** Takes in what has come, and lets go of what was replaced. */
  update(clips: readonly (ClipAtHand | undefined)[]): void {
    const now = new Set(clips);
    for (const clip of this.#taken) {
      if (!now.has(clip)) this.#add(clip, -1);
    }
    // Another model, or other crops: nothing of before counts.
    if (this.#taken.size === 0) {
      this.#oneClip = new Float64Array(0);
      this.#threeClip = null;
    }
    for (const clip of now) {
      if (clip !== undefined && clip.result !== null && !this.#taken.has(clip)) this.#add(clip, 1);
    }
  }

  get count(): number {
    return this.#taken.size;
  }

  rank(count: number, labels: readonly string[]): readonly RankedClass[] {
    const clips = this.#taken.size;
    if (clips === 0) return [];
    const mean = (sums: Float64Array) => Float32Array.from(sums, (sum) => sum / clips);
    const threeClip = this.#threeClip === null ? null : mean(this.#threeClip);
    return ranked({ oneClip: mean(this.#oneClip), threeClip }, count, labels);
  }

  #add(clip: ClipAtHand, sign: 1 | -1): void {
    const answers = answersOf(clip);
    if (answers === null) return;
    if (sign === 1) this.#taken.add(clip);
    else this.#taken.delete(clip);
    if (this.#oneClip.length !== answers.oneClip.length) this.#oneClip = new Float64Array(answers.oneClip.length);
    addTo(this.#oneClip, answers.oneClip, sign);
    if (answers.threeClip === null) return;
    if (this.#threeClip?.length !== answers.threeClip.length)
      this.#threeClip = new Float64Array(answers.threeClip.length);
    addTo(this.#threeClip, answers.threeClip, sign);
  }
}

function addTo(sums: Float64Array, values: Float32Array, sign: 1 | -1): void {
  for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + sign * (values[i] ?? 0);
}
