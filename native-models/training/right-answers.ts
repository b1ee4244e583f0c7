import { MissingLabelsError } from '#contract/errors.ts';
import type { ClipBatch } from './clip-source.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { Json } from './run-settings.ts';
import type { SelectingModel } from './selecting-model.ts';
import { tensorsFingerprint } from './tensors-fingerprint.ts';

/**
 * Where right answers come from: the data set, or what a full model says with all tokens ("pseudo-labels"), as a rule the
 * model that selection is fitted to, as it was before.
 */
export type LabelSource = { readonly kind: 'given' } | { readonly kind: 'full-model'; readonly backbone: ParameterSet };

/** What tells a source of labels from others. */
export function labelIdentity(source: LabelSource): Json {
  return source.kind === 'given' ? 'given' : { fullModel: tensorsFingerprint(source.backbone) };
}

/**
 * The class of each clip of a batch.
 *
 * @param interpreter Any: it is computed along, and plays no part in answers on all tokens.
 * @throws MissingLabelsError when labels are to come from the data, and it has none.
 */
export async function rightAnswers(
  model: SelectingModel,
  source: LabelSource,
  { clips, labels }: ClipBatch,
  interpreter: ParameterSet,
  signal?: AbortSignal,
): Promise<Uint32Array> {
  if (source.kind === 'full-model') {
    const teacher = [source.backbone, interpreter];
    const { tokens } = await model.look(teacher, clips, signal);
    return await model.answer(teacher, tokens, null, signal);
  }
  if (labels !== null) return labels;
  throw new MissingLabelsError('The videos have no labels to learn from.', {
    hint: 'Name their classes in the list, or train with --pseudo-labels: the full model then says what is right.',
  });
}
