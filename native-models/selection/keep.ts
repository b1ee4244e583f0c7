/**
 * Which tokens stay, given a score for each.
 *
 * - `threshold`: those that score above it (IA-RED², section 3.2).
 * - `keep`: the `ratio` of tokens that score highest.
 */
export type KeepRule =
  | { readonly kind: 'threshold'; readonly threshold: number }
  | { readonly kind: 'keep'; readonly ratio: number };

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
export function keepTokens(
  scores: Float32Array,
  rule: KeepRule,
  always: (token: number) => boolean = () => false,
): TokenSelection {
  if (rule.kind === 'threshold') {
    const kept = tokensOf(scores).filter((token) => always(token) || (scores[token] ?? 0) > rule.threshold);
    return { kept, scores };
  }
  const wanted = Math.round(rule.ratio * scores.length);
  const fixed = tokensOf(scores).filter(always);
  // The sort is stable: of equal scores the earlier token stays, on every machine.
  const ranked = tokensOf(scores)
    .filter((token) => !always(token))
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const chosen = ranked.subarray(0, Math.max(0, wanted - fixed.length));
  return { kept: Uint32Array.of(...fixed, ...chosen).sort(), scores };
}

function tokensOf(scores: Float32Array): Uint32Array {
  return Uint32Array.from(scores, (_, token) => token);
}
