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
  /** Share of right answers on the tokens that the interpreters score above the threshold. */
  readonly accuracy: number;
  /** Kept patch tokens over all, mean over the blocks and the clips. */
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
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Validation> {
  const all = [backbone, interpreter];
  const { groups } = model.architecture;
  const last = model.group(groups.length - 1);
  const depth = groups.reduce((sum, { blocks }) => sum + blocks, 0);
  const seen = [];
  for (let index = 0; index < batches; index++) {
    const batch = await clips.batch(index);
    signal?.throwIfAborted();
    const right = await rightAnswers(model, { kind: 'given' }, batch, interpreter, signal);
    const first = await model.look(all, batch.clips, signal);
    const full = await model.answer(all, first.tokens, null, signal);
    const { tokens, scores, before } = groups.length === 1 ? first : await last.look(all, batch.clips, signal);
    const policy = greedyPolicy(scores, model.selection.threshold);
    const answers = await last.answer(all, tokens, policy, signal);
    const inGroups = [...before, policy].map((kept) => outcomesOf(kept, answers, right));
    for (const [clip, label] of right.entries()) {
      const keepRatio = groups.reduce((sum, { blocks }, g) => sum + blocks * (inGroups[g]?.[clip]?.keepRatio ?? 0), 0);
      seen.push({ keepRatio: keepRatio / depth, correct: answers[clip] === label, fullCorrect: full[clip] === label });
    }
  }
  return {
    clips: seen.length,
    fullAccuracy: meanOf(seen.map(({ fullCorrect }) => Number(fullCorrect))),
    accuracy: meanOf(seen.map(({ correct }) => Number(correct))),
    keepRatio: meanOf(seen.map(({ keepRatio }) => keepRatio)),
  };
}
