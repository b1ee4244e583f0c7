import { SelectorUnavailableError, UsageError } from '#contract/errors.ts';
import { defaultKeepRule, type KeepRule, keptTokens } from '#contract/selection.ts';
import type { Manifest } from '../bundle/manifest.ts';

/** The ways to choose patches of an image. */
export const IMAGE_SELECTORS = ['interpreter', 'full', 'random'] as const;
export type ImageSelectorName = (typeof IMAGE_SELECTORS)[number];

/** A selector with all it needs: one rule for each group. `full` keeps every patch and has no rules. */
export type ImageSelector =
  | { readonly name: 'full' }
  | { readonly name: 'interpreter'; readonly rules: readonly KeepRule[] }
  | { readonly name: 'random'; readonly rules: readonly KeepRule[]; readonly seed: number };

/** What a user asked for; everything may be left out. Lists have one number for all groups, or one for each. */
export interface ImageSelectorRequest {
  readonly name?: ImageSelectorName | undefined;
  readonly thresholds?: readonly number[] | undefined;
  /** Shares of all patches that are kept. */
  readonly keep?: readonly number[] | undefined;
  readonly seed?: number | undefined;
}

/**
 * Fills in what was left out: the interpreters at the model's own threshold where it has them, else every patch; half of the
 * patches for chance.
 *
 * @throws SelectorUnavailableError when the model has no interpreters and they are asked for.
 * @throws UsageError when there is neither one number for all groups nor one for each.
 */
export function resolveImageSelector(
  { name: model, selection }: Manifest,
  request: ImageSelectorRequest = {},
): ImageSelector {
  const groups = selection?.groups.length ?? 1;
  const asked = rulesOf(request, groups);
  const name = request.name ?? (selection !== null ? 'interpreter' : asked === undefined ? 'full' : 'random');
  if (name === 'full') return { name };
  if (name === 'interpreter' && selection === null) {
    throw new SelectorUnavailableError(`The model "${model}" has no interpreter.`, {
      hint: 'Choose another selector (full, random), or train interpreters for the model.',
    });
  }
  const usual = defaultKeepRule(name, selection?.threshold ?? null);
  const rules = asked ?? new Array<KeepRule>(groups).fill(usual);
  return name === 'random' ? { name, rules, seed: request.seed ?? 0 } : { name, rules };
}

/**
 * Sorted indices of the patches that a rule keeps of those that are there.
 *
 * @param present Sorted indices of the patches that are there.
 * @param scores `[patches]`.
 */
export function keptPatches(present: Uint32Array, scores: Float32Array, rule: KeepRule): Uint32Array {
  if (present.length === 0) return present;
  const theirs = Float32Array.from(present, (patch) => scores[patch] ?? 0);
  // A share is one of all patches, so that it means the same in every group, and what the reward counts.
  const wanted = rule.kind === 'keep' ? Math.min(present.length, Math.round(rule.ratio * scores.length)) : 0;
  const among: KeepRule = rule.kind === 'keep' ? { kind: 'keep', ratio: wanted / present.length } : rule;
  return keptTokens(theirs, among).map((place) => present[place] ?? 0);
}

function rulesOf({ thresholds, keep }: ImageSelectorRequest, groups: number): readonly KeepRule[] | undefined {
  const [numbers, what] = thresholds !== undefined ? [thresholds, 'thresholds'] : [keep, 'keep ratios'];
  if (numbers === undefined) return undefined;
  if (numbers.length !== 1 && numbers.length !== groups) {
    throw new UsageError(`There are ${numbers.length} ${what} for ${groups} groups of blocks.`, {
      hint: 'Give one for all groups, or one for each.',
    });
  }
  return Array.from({ length: groups }, (_, group): KeepRule => {
    const number = numbers[group] ?? numbers[0] ?? 0;
    return thresholds !== undefined ? { kind: 'threshold', threshold: number } : { kind: 'keep', ratio: number };
  });
}
