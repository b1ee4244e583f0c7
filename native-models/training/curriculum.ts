import type { Phase } from './train-phases.ts';

/** What is done for each group. */
export interface GroupPhases {
  readonly policy: Omit<Extract<Phase, { readonly kind: 'policy' }>, 'kind' | 'group'>;
  readonly fineTune: Omit<Extract<Phase, { readonly kind: 'fine-tune' }>, 'kind' | 'group' | 'tokens'>;
}

/**
 * Algorithm 1 of IA-RED²: group by group, the interpreter at its entry learns, with those before it held fixed and the
 * groups after it keeping what it keeps; then the blocks from there on learn to answer from what is kept.
 */
export function curriculum(groups: number, { policy, fineTune }: GroupPhases): readonly Phase[] {
  return Array.from({ length: groups }, (_, group): readonly Phase[] => [
    { kind: 'policy', group, ...policy },
    { kind: 'fine-tune', group, tokens: 'interpreter', ...fineTune },
  ]).flat();
}
