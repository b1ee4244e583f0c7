import type { ClipSource } from './clip-source.ts';
import { greedyPolicy, meanOf, outcomesOf } from './policies.ts';
import { rightAnswers } from './right-answers.ts';
import type { SelectingModel } from './selecting-model.ts';
import type { ModelParts } from './train-phases.ts';

/** What a model in training is worth on clips that it does not learn from, one view a clip. */
export interface Validation {
  readonly clips: number;
  /** Share of right answers on all tokens. */
  readonly fullAccuracy: number;
  /** Share of right answers on the tokens that the interpreter scores above its threshold. */
  readonly accuracy: number;
  /** Kept patch tokens over all, mean over the clips. */
  readonly keepRatio: number;
}

/**
 * Answers `batches` batches, with all tokens and with the interpreter's.
 *
 * @throws MissingLabelsError when the clips have no labels.
 */
export async function validate(
  model: SelectingModel,
  { backbone, interpreter }: ModelParts,
  clips: ClipSource,
  batches: number,
  signal?: AbortSignal,
): Promise<Validation> {
  const all = [backbone, interpreter];
  const seen = [];
  for (let index = 0; index < batches; index++) {
    const batch = await clips.batch(index);
    signal?.throwIfAborted();
    const right = await rightAnswers(model, { kind: 'given' }, batch, interpreter, signal);
    const { tokens, scores } = await model.look(all, batch.clips, signal);
    const policy = greedyPolicy(scores, model.selection.threshold);
    const full = await model.answer(all, tokens, null, signal);
    const selected = outcomesOf(policy, await model.answer(all, tokens, policy, signal), right);
    seen.push(...selected.map((outcome, clip) => ({ ...outcome, fullCorrect: full[clip] === right[clip] })));
  }
  return {
    clips: seen.length,
    fullAccuracy: meanOf(seen.map(({ fullCorrect }) => Number(fullCorrect))),
    accuracy: meanOf(seen.map(({ correct }) => Number(correct))),
    keepRatio: meanOf(seen.map(({ keepRatio }) => keepRatio)),
  };
}
