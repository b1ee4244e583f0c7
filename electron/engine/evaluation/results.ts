import { NothingEvaluatedError } from '#contract/errors.ts';
import type { EvaluationFailure } from '#contract/evaluation.ts';
import type { LabelledVideo } from './data-set/data-set.ts';
import { type JudgedVideo, type Metrics, metricsOf, type ViewFacts } from './metrics.ts';
import type { VideoOutcome } from './outcome.ts';

/** What has come of the videos of an evaluation so far. */
export class Results {
  readonly #videos: readonly LabelledVideo[];
  readonly #labels: ReadonlyMap<number, number>;
  readonly #outcomes = new Map<number, VideoOutcome>();
  #judged = 0;
  #wrong = 0;

  constructor(videos: readonly LabelledVideo[], kept: readonly VideoOutcome[] = []) {
    this.#videos = videos;
    this.#labels = new Map(videos.map(({ index, label }) => [index, label]));
    for (const outcome of kept) this.add(outcome);
  }

  get done(): number {
    return this.#outcomes.size;
  }

  /** Clip-1 error of the first setting; null while no video has been judged. */
  get clip1Error(): number | null {
    return this.#judged === 0 ? null : this.#wrong / this.#judged;
  }

  has({ index }: LabelledVideo): boolean {
    return this.#outcomes.has(index);
  }

  /** Takes what came of a video that has none yet. */
  add(outcome: VideoOutcome): void {
    this.#outcomes.set(outcome.video, outcome);
    if ('failure' in outcome) return;
    this.#judged++;
    if (outcome.judgements[0]?.clip1 !== this.#labels.get(outcome.video)) this.#wrong++;
  }

  /** In the order of the data set. */
  get failures(): EvaluationFailure[] {
    return this.#inOrder().flatMap(({ outcome }) => ('failure' in outcome ? [outcome.failure] : []));
  }

  /**
   * Figures of setting `i`. Added up in the order of the data set, so that they are the same to the last bit whatever
   * order the results came in.
   *
   * @throws NothingEvaluatedError when no video could be judged.
   */
  metrics(i: number, facts: ViewFacts): Metrics {
    const judged: JudgedVideo[] = this.#inOrder().flatMap(({ label, outcome }) => {
      const judgement = 'failure' in outcome ? undefined : outcome.judgements[i];
      return judgement === undefined ? [] : [{ judgement, label }];
    });
    if (judged.length === 0) throw nothingEvaluated(this.failures);
    return metricsOf(judged, facts);
  }

  #inOrder(): { readonly label: number; readonly outcome: VideoOutcome }[] {
    return this.#videos.flatMap(({ index, label }) => {
      const outcome = this.#outcomes.get(index);
      return outcome === undefined ? [] : [{ label, outcome }];
    });
  }
}

/** There is no figure, because there is no video that could be judged. */
export function nothingEvaluated(failures: readonly EvaluationFailure[]): NothingEvaluatedError {
  const [first] = failures;
  const what = failures.length === 1 ? 'The only video could not' : `Not one of ${failures.length} videos could`;
  return new NothingEvaluatedError(`${what} be judged.${first === undefined ? '' : ` ${first.error.message}`}`, {
    hint: 'Check that the videos play, and that this ffmpeg can decode them.',
  });
}
