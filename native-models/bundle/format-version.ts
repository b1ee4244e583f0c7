import type { Manifest } from './manifest.ts';

/** The lowest format version that knows everything in a manifest, so that older readers take what they can. */
export function formatVersionOf({
  preprocessing,
  selection,
  fetched,
}: Pick<Manifest, 'preprocessing' | 'selection' | 'fetched'>): Manifest['formatVersion'] {
  if (preprocessing.resize !== undefined) return 4;
  if (fetched !== undefined) return 3;
  return selection?.interpreter === undefined ? 1 : 2;
}
