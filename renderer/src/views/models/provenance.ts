import type { UsableModel } from '#contract/models.ts';

/** How a model came here, in words. */
export const PROVENANCE: Readonly<Record<UsableModel['provenance'], string>> = {
  shipped: 'Comes with Patchlight',
  imported: 'Imported from a file',
  fetched: 'Fetched',
  trained: 'Trained here',
};
