import type { AnalysisRequest } from '#contract/analysis-request.ts';

export type SelectorRequest = AnalysisRequest['selector'];
export type SelectorName = NonNullable<SelectorRequest['name']>;

/** What people read instead of the selectors' names. */
export const SELECTOR_WORDS: Readonly<Record<SelectorName, string>> = {
  interpreter: 'Interpreter',
  full: 'Every patch',
  random: 'Random',
  'frame-difference': 'Frame difference',
  saliency: 'Saliency',
};

/** How patches are chosen, in a few words: `Interpreter above 0.5`, `Random, best 30 %`. */
export function selectorWords({ name, threshold, keep }: SelectorRequest): string {
  const words = name === undefined ? 'The model’s choice' : SELECTOR_WORDS[name];
  if (name === 'full') return words;
  if (threshold !== undefined) return `${words} above ${threshold}`;
  return keep === undefined ? words : `${words}, ${name === 'random' ? '' : 'best '}${Math.round(100 * keep)} %`;
}
