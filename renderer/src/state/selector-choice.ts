import type { Analysis, ViewScores } from '#contract/analysis.ts';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import { alwaysKept, defaultKeepRule, type KeepRule, keptTokens, type SelectorName } from '#contract/selection.ts';

/** How patches are chosen, with nothing left open. */
export interface SelectorChoice {
  readonly name: SelectorName;
  /** Of no consequence for `full`. */
  readonly rule: KeepRule;
  /** Of `random`. */
  readonly seed: number;
}

/** What an analysis was made with. */
export function choiceOf(settings: Analysis['settings'], interpreterThreshold: number | null): SelectorChoice {
  const name = settings.selector as SelectorName;
  return { name, rule: ruleOf(settings) ?? defaultKeepRule(name, interpreterThreshold), seed: settings.seed ?? 0 };
}

function ruleOf({ threshold, keep }: Analysis['settings']): KeepRule | null {
  if (threshold !== null) return { kind: 'threshold', threshold };
  return keep === null ? null : { kind: 'keep', ratio: keep };
}

export function requestOf({ name, rule, seed }: SelectorChoice): AnalysisRequest['selector'] {
  if (name === 'full') return { name };
  const limit = rule.kind === 'threshold' ? { threshold: rule.threshold } : { keep: rule.ratio };
  return { name, ...limit, ...(name === 'random' ? { seed } : {}) };
}

/** Whether both keep the same, whatever the scores. */
export function areSame(a: SelectorChoice, b: SelectorChoice): boolean {
  if (a.name !== b.name) return false;
  if (a.name === 'full') return true;
  if (a.name === 'random' && a.seed !== b.seed) return false;
  const [ofA, ofB] = [a.rule, b.rule];
  return ofA.kind === 'threshold'
    ? ofB.kind === 'threshold' && ofA.threshold === ofB.threshold
    : ofB.kind === 'keep' && ofA.ratio === ofB.ratio;
}

/**
 * Whether the scores that one choice was made by are those that the other one goes by.
 *
 * @param hasInterpreter Then clips that keep every patch carry the interpreter's scores.
 */
function shareScores(a: SelectorChoice, b: SelectorChoice, hasInterpreter: boolean): boolean {
  if (a.name === b.name) return a.name !== 'random' || a.seed === b.seed;
  const names = [a.name, b.name];
  return hasInterpreter && names.includes('interpreter') && names.includes('full');
}

/**
 * The tokens that a choice keeps of a view, from the scores at hand.
 *
 * @param madeWith What the view's scores come from.
 * @returns Null where other scores are needed, which only the engine has.
 */
export function keptBy(
  choice: SelectorChoice,
  view: Pick<ViewScores, 'scores' | 'kept' | 'frameSeconds'>,
  madeWith: SelectorChoice,
  hasInterpreter: boolean,
): Uint32Array | null {
  if (areSame(choice, madeWith)) return view.kept;
  if (choice.name === 'full') return Uint32Array.from(view.scores, (_, token) => token);
  if (!shareScores(choice, madeWith, hasInterpreter)) return null;
  return keptTokens(view.scores, choice.rule, alwaysKept(choice.name, view.frameSeconds.length));
}
