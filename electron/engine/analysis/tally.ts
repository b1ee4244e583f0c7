import type { Analysis, ClipResult, Crop, Prediction, ViewResult } from '#contract/analysis.ts';
import type { ClipFacts } from './clip-view.ts';
import { average, topPredictions } from './predictions.ts';

/** One finished view. */
export interface FinishedView {
  readonly crop: Crop;
  readonly origin: readonly [number, number];
  readonly keptTokens: number;
  readonly totalTokens: number;
  readonly gmacs: number;
  readonly gmacsFull: number;
  /** Softmax over the classes. */
  readonly probabilities: Float32Array;
}

const CROP_ORDER: readonly Crop[] = ['left', 'center', 'right'];

/** Turns finished views into clip results, and keeps the sums of the whole analysis: memory of a few numbers a class. */
export class Tally {
  readonly #labels: readonly string[];
  readonly #topK: number;
  #views = 0;
  #clips = 0;
  #kept = 0;
  #total = 0;
  #gmacs = 0;
  #gmacsFull = 0;
  #oneClip: Float32Array;
  #threeClip: Float32Array;

  constructor(labels: readonly string[], topK: number) {
    this.#labels = labels;
    this.#topK = topK;
    this.#oneClip = new Float32Array(labels.length);
    this.#threeClip = new Float32Array(labels.length);
  }

  get views(): number {
    return this.#views;
  }

  /**
   * The result of one clip from its views (the centre alone, or left, centre and right in any order), and all their
   * probabilities, `[views, classes]`, in the order of the result's views.
   */
  clip(facts: ClipFacts, views: readonly FinishedView[]): { clip: ClipResult; probabilities: Float32Array } {
    const ordered = [...views].sort((a, b) => CROP_ORDER.indexOf(a.crop) - CROP_ORDER.indexOf(b.crop));
    this.#add(ordered);
    const probabilities = Float32Array.from(ordered.flatMap((view) => [...view.probabilities]));
    const centre = ordered.find((view) => view.crop === 'center')?.probabilities ?? new Float32Array(0);
    const oneClip = { top: this.#top(centre) };
    const clip = { ...facts, views: ordered.map((view) => this.#viewResult(view)), oneClip };
    if (ordered.length === 1) return { clip, probabilities };

    const top = this.#top(average(ordered.map((view) => view.probabilities)));
    const agrees = top[0]?.index === oneClip.top[0]?.index;
    return { clip: { ...clip, threeClip: { top, agrees } }, probabilities };
  }

  /** Counts a clip that an earlier tally gave, with its probabilities. */
  count({ views }: ClipResult, probabilities: Float32Array, gmacsFull: number): void {
    const classes = this.#labels.length;
    this.#add(
      views.map((view, i) => ({
        ...{ crop: view.crop, origin: view.origin, gmacs: view.gmacs, gmacsFull },
        ...{ keptTokens: view.keptTokens, totalTokens: view.totalTokens },
        probabilities: probabilities.subarray(i * classes, (i + 1) * classes),
      })),
    );
  }

  /** Averages over all clips so far, and what they cost. */
  summary(): Analysis['summary'] {
    const mean = (sum: Float32Array) => this.#top(sum.map((x) => x / Math.max(1, this.#clips)));
    return {
      oneClip: { top: mean(this.#oneClip) },
      ...(this.#views > this.#clips ? { threeClip: { top: mean(this.#threeClip) } } : {}),
      keepRatio: this.#total === 0 ? 1 : this.#kept / this.#total,
      gmacs: this.#gmacs,
      gmacsFull: this.#gmacsFull,
    };
  }

  #add(views: readonly FinishedView[]): void {
    for (const view of views) this.#count(view);
    this.#clips++;
    const centre = views.find(({ crop }) => crop === 'center')?.probabilities;
    this.#oneClip = this.#oneClip.map((sum, i) => sum + (centre?.[i] ?? 0));
    if (views.length === 1) return;
    const together = average(views.map(({ probabilities }) => probabilities));
    this.#threeClip = this.#threeClip.map((sum, i) => sum + (together[i] ?? 0));
  }

  #count(view: FinishedView): void {
    this.#views++;
    this.#kept += view.keptTokens;
    this.#total += view.totalTokens;
    this.#gmacs += view.gmacs;
    this.#gmacsFull += view.gmacsFull;
  }

  #viewResult({ crop, origin, keptTokens, totalTokens, gmacs, probabilities }: FinishedView): ViewResult {
    return { crop, origin: [...origin], keptTokens, totalTokens, gmacs, top: this.#top(probabilities) };
  }

  #top(probabilities: Float32Array): Prediction[] {
    return [...topPredictions(probabilities, this.#labels, this.#topK)];
  }
}
