import type { Manifest } from './manifest.ts';

/** The lowest format version that knows everything in a manifest, so that older readers take what they can. */
export function formatVersionOf({
  selection,
  fetched,
}: Pick<Manifest, 'selection' | 'fetched'>): Manifest['formatVersion'] {
  if (fetched !== undefined) return 3;
  return selection?.interpreter === undefined ? 1 : 2;
}
