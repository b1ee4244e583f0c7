import { readFile } from 'node:fs/promises';
import { CheckpointMismatchError } from '#contract/errors.ts';
import type { Architecture } from '../bundle/manifest.ts';

/** Lists of class names that come with Patchlight, by how many classes they have. */
const LISTS: ReadonlyMap<number, { readonly file: string; readonly kind: Architecture['kind'] }> = new Map([
  [400, { file: 'kinetics400.txt', kind: 'timesformer' }],
  [1000, { file: 'imagenet1k.txt', kind: 'deit' }],
]);

/** Who names the classes: the caller, the checkpoint, a list that Patchlight has, or nobody. */
export type LabelsFrom = 'request' | 'checkpoint' | 'list' | 'nobody';

/**
 * Names for the classes of a model: those that are asked for, or its own, or those of the data set that it was most likely
 * trained on, or numbers.
 *
 * @throws CheckpointMismatchError when there are not as many as classes.
 */
export async function classNames(
  { classes, kind }: Architecture,
  requested: readonly string[] | undefined,
  published: readonly string[] | null,
): Promise<{ readonly labels: readonly string[]; readonly labelsFrom: LabelsFrom }> {
  if (requested !== undefined) return { labels: asMany(requested, classes), labelsFrom: 'request' };
  if (published !== null) return { labels: asMany(published, classes), labelsFrom: 'checkpoint' };
  const list = LISTS.get(classes);
  if (list?.kind !== kind)
    return { labels: Array.from({ length: classes }, (_, index) => `class ${index}`), labelsFrom: 'nobody' };
  const text = await readFile(new URL(`labels/${list.file}`, import.meta.url), 'utf8');
  return { labels: text.trimEnd().split('\n'), labelsFrom: 'list' };
}

function asMany(labels: readonly string[], classes: number): readonly string[] {
  if (labels.length === classes) return labels;
  throw new CheckpointMismatchError(`There are ${labels.length} labels for ${classes} classes.`, {
    hint: 'Give one label for each class, in order.',
  });
}
