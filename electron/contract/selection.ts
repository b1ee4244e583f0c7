import type { z } from 'zod';
import type { selectorNameSchema } from './analysis-request.ts';

/** The ways to choose tokens. */
export type SelectorName = z.infer<typeof selectorNameSchema>;

/**
 * Which tokens stay, given a score for each.
 *
 * - `threshold`: those that score above it (IA-RED², section 3.2).
 * - `keep`: the `ratio` of tokens that score highest.
 */
export type KeepRule =
  | { readonly kind: 'threshold'; readonly threshold: number }
  | { readonly kind: 'keep'; readonly ratio: number };

/** Mean absolute difference, in normalised pixels, above which Run-Length Tokenization calls a patch changed. */
const FRAME_DIFFERENCE_THRESHOLD = 0.1;

/**
 * What a selector does when nobody says otherwise: the interpreter at its own threshold, half of the tokens for selectors
 * whose scores have no natural one.
 *
 * @param interpreterThreshold The model's; null without an interpreter.
 */
export function defaultKeepRule(name: SelectorName, interpreterThreshold: number | null): KeepRule {
  if (name === 'interpreter') return { kind: 'threshold', threshold: interpreterThreshold ?? 0.5 };
  if (name === 'frame-difference') return { kind: 'threshold', threshold: FRAME_DIFFERENCE_THRESHOLD };
  return { kind: 'keep', ratio: 0.5 };
}

/** Tokens that a selector keeps whatever they score: those of the first frame have nothing before them to differ from. */
export function alwaysKept(name: SelectorName, frames: number): (token: number) => boolean {
  return name === 'frame-difference' ? (token) => token % frames === 0 : () => false;
}

/**
 * Sorted indices of the tokens that stay.
 *
 * @param scores `[patches·frames]`.
 * @param always Tokens that stay whatever they score; under a keep ratio they count as kept.
 */
export function keptTokens(
  scores: Float32Array,
  rule: KeepRule,
  always: (token: number) => boolean = () => false,
): Uint32Array {
  if (rule.kind === 'threshold') {
    return tokensOf(scores).filter((token) => always(token) || (scores[token] ?? 0) > rule.threshold);
  }
  const wanted = Math.round(rule.ratio * scores.length);
  const fixed = tokensOf(scores).filter(always);
  // The sort is stable: of equal scores the earlier token stays, on every machine.
  const ranked = tokensOf(scores)
    .filter((token) => !always(token))
    .sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0));
  const chosen = ranked.subarray(0, Math.max(0, wanted - fixed.length));
  return Uint32Array.of(...fixed, ...chosen).sort();
}

function tokensOf(scores: Float32Array): Uint32Array {
  return Uint32Array.from(scores, (_, token) => token);
}
