import { SelectorUnavailableError } from '#contract/errors.ts';
import { defaultKeepRule, type KeepRule } from '#contract/selection.ts';
import type { Manifest } from '../bundle/manifest.ts';
import { IMAGE_SELECTORS } from './image-selector.ts';

/** The ways to choose tokens. */
export const SELECTORS = ['interpreter', 'full', 'random', 'frame-difference', 'saliency'] as const;
export type SelectorName = (typeof SELECTORS)[number];

/** A selector with all it needs. `full` keeps every token and has no rule. */
export type Selector =
  | { readonly name: 'full' }
  | { readonly name: 'interpreter' | 'frame-difference' | 'saliency'; readonly rule: KeepRule }
  | { readonly name: 'random'; readonly rule: KeepRule; readonly seed: number };

/** What a user asked for; everything may be left out. */
export interface SelectorRequest {
  readonly name?: SelectorName | undefined;
  readonly threshold?: number | undefined;
  readonly keep?: number | undefined;
  readonly seed?: number | undefined;
}

/** The selectors that a model can run: an interpreter has to be trained with it. */
export function availableSelectors({ architecture, selection }: Manifest): readonly SelectorName[] {
  const names: readonly SelectorName[] = architecture.kind === 'deit' ? IMAGE_SELECTORS : SELECTORS;
  return selection === null ? names.filter((name) => name !== 'interpreter') : names;
}

/**
 * Fills in what was left out: the interpreter at its own threshold where the model has one, else every token; half of
 * the tokens for selectors whose scores have no natural threshold.
 *
 * @throws SelectorUnavailableError when the model has no interpreter and one is asked for.
 */
export function resolveSelector(manifest: Manifest, request: SelectorRequest): Selector {
  const name = request.name ?? defaultSelector(manifest, request);
  if (name === 'full') return { name };
  if (name === 'interpreter' && manifest.selection === null) {
    throw new SelectorUnavailableError(`The model "${manifest.name}" has no interpreter.`, {
      hint: `Choose another selector (${availableSelectors(manifest).join(', ')}), or fit an interpreter to the model.`,
    });
  }
  const rule = ruleOf(request) ?? defaultKeepRule(name, manifest.selection?.threshold ?? null);
  return name === 'random' ? { name, rule, seed: request.seed ?? 0 } : { name, rule };
}

function defaultSelector(manifest: Manifest, request: SelectorRequest): SelectorName {
  if (manifest.selection !== null) return 'interpreter';
  // Asking for a budget is asking for a selection; saliency needs nothing but the weights.
  return ruleOf(request) === undefined ? 'full' : 'saliency';
}

function ruleOf({ threshold, keep }: SelectorRequest): KeepRule | undefined {
  if (threshold !== undefined) return { kind: 'threshold', threshold };
  return keep === undefined ? undefined : { kind: 'keep', ratio: keep };
}
