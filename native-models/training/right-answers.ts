import { MissingLabelsError } from '#contract/errors.ts';
import type { ClipBatch, LabelSource } from './clip-source.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { SelectingModel } from './selecting-model.ts';

/**
 * What counts as the right answer for each clip of a batch.
 *
 * @param teacher All parameters of the model whose answer on all tokens serves as the label, if labels come from it.
 * @throws MissingLabelsError when labels are to come from the data, and it has none.
 */
export async function rightAnswers(
  model: SelectingModel,
  source: LabelSource,
  { clips, labels }: ClipBatch,
  teacher: readonly ParameterSet[],
  signal?: AbortSignal,
): Promise<Uint32Array> {
  if (source === 'full-model') {
    const { tokens } = await model.look(teacher, clips, signal);
    return await model.answer(teacher, tokens, null, signal);
  }
  if (labels !== null) return labels;
  throw new MissingLabelsError('The videos have no labels to learn from.', {
    hint: 'Name their classes in the list, or train with --pseudo-labels: the full model then says what is right.',
  });
}
