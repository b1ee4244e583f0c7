import { readFile } from 'node:fs/promises';

/** Lists of class names that come with Patchlight, by how many classes they have. */
const LISTS: ReadonlyMap<number, { readonly file: string; readonly kind: 'timesformer' | 'deit' }> = new Map([
  [400, { file: 'kinetics400.txt', kind: 'timesformer' }],
  [1000, { file: 'imagenet1k.txt', kind: 'deit' }],
]);

/** Names for the classes of a model that brings none: those of the data set it was most likely trained on, or numbers. */
export async function defaultLabels(classes: number, kind: 'timesformer' | 'deit'): Promise<string[]> {
  const list = LISTS.get(classes);
  if (list?.kind !== kind) return Array.from({ length: classes }, (_, index) => `class ${index}`);
  const text = await readFile(new URL(`labels/${list.file}`, import.meta.url), 'utf8');
  return text.trimEnd().split('\n');
}
