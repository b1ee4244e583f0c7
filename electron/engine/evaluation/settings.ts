import { UsageError } from '#contract/errors.ts';
import type { Manifest } from '#native-models/bundle/manifest.ts';
import {
  resolveSelector,
  type Selector,
  type SelectorName,
  type SelectorRequest,
} from '#native-models/selection/selector.ts';

/** One parameter of the selection, and the values that it goes through. */
export type Sweep =
  | { readonly parameter: 'threshold' | 'keep' | 'seed'; readonly values: readonly number[] }
  | { readonly parameter: 'selector'; readonly values: readonly SelectorName[] };

/** What a user asks of an evaluation; everything has a default. */
export interface EvaluationRequest {
  /** 1: the centre crop. 3: left, centre and right, averaged. */
  readonly views?: 1 | 3 | undefined;
  readonly selector?: SelectorRequest | undefined;
  /** Several make every combination of their values. */
  readonly sweeps?: readonly Sweep[] | undefined;
}

export interface EvaluationSettings {
  readonly views: 1 | 3;
  /** At least one, each different. */
  readonly selectors: readonly Selector[];
}

/**
 * Fills in the defaults for one model. Combinations that come to the same (every seed of a selector that has none) are
 * one setting.
 *
 * @throws UsageError when sweeps contradict each other or the selector.
 * @throws SelectorUnavailableError when the model cannot choose tokens as asked.
 */
export function resolveEvaluation(manifest: Manifest, request: EvaluationRequest): EvaluationSettings {
  const sweeps = request.sweeps ?? [];
  const swept = sweeps.map(({ parameter }) => parameter);
  const twice = swept.find((parameter, i) => swept.indexOf(parameter) !== i);
  if (twice !== undefined)
    throw new UsageError(`There are two sweeps of ${twice}.`, { hint: 'Put their values in one.' });

  const combinations = sweeps.reduce<SelectorRequest[]>(
    (requests, sweep) =>
      requests.flatMap((one) => sweep.values.map((value) => ({ ...one, ...entry(sweep.parameter, value) }))),
    [request.selector ?? {}],
  );
  if (combinations.some(({ threshold, keep }) => threshold !== undefined && keep !== undefined)) {
    throw new UsageError('A threshold and a keep ratio exclude each other.', { hint: 'Sweep one of them at a time.' });
  }
  const selectors = new Map<string, Selector>();
  for (const combination of combinations) {
    const selector = resolveSelector(manifest, combination);
    selectors.set(JSON.stringify(selector), selector);
  }
  return { views: request.views ?? 3, selectors: [...selectors.values()] };
}

function entry(parameter: Sweep['parameter'], value: string | number): SelectorRequest {
  return { [parameter === 'selector' ? 'name' : parameter]: value };
}
