import { type KeepRule, keptTokens } from '#contract/selection.ts';

/** What every selector gives. */
export interface TokenSelection {
  /** Sorted indices of the kept patch tokens, without CLS. */
  readonly kept: Uint32Array;
  /** `[patches·frames]`, the higher the more worth keeping; scale and range are the selector's own. */
  readonly scores: Float32Array;
}

/**
 * Applies `rule` to `scores` (`[patches·frames]`).
 *
 * @param always Tokens that stay whatever they score; under a keep ratio they count as kept.
 */
export function keepTokens(scores: Float32Array, rule: KeepRule, always?: (token: number) => boolean): TokenSelection {
  return { kept: keptTokens(scores, rule, always), scores };
}
