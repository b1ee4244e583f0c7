import type { Value } from '../onnx/graph.ts';
import { multiply, reduceMean, scale, subtract } from '../onnx/operators/arithmetic.ts';
import type { Feeds } from '../runtime/host-tensor.ts';
import type { GraphParts } from './computation.ts';
import { boundProbabilities, policyEntropy } from './policy-loss.ts';
import type { Impression } from './selecting-group.ts';
import type { SelectingModel } from './selecting-model.ts';

/** What a policy is drawn from. */
export interface KeepProbabilitiesOptions {
  readonly model: SelectingModel;
  /** The group whose interpreter scores. */
  readonly group: number;
  /** Draws come from `α·p + (1 − α)·(1 − p)`; `null` for `p`. */
  readonly explorationBound: number | null;
}

export interface KeepProbabilities {
  /** At the entry of the group, `[batch, 1 + tokens, dim]`. */
  readonly tokens: Value<'float32'>;
  /** `[batch, tokens]`: 1 for a token that was still there; null before the first group, where all are. */
  readonly before: Value<'float32'> | null;
  /** `[batch, tokens]`: how likely each token is kept; 0 for one that was dropped before. */
  readonly probabilities: Value<'float32'>;
}

/** Adds the probabilities by which tokens are kept to a graph, from inputs that {@link keepFeeds} makes. */
export function keepProbabilities(
  { model, group, explorationBound }: KeepProbabilitiesOptions,
  parts: GraphParts,
): KeepProbabilities {
  const { graph, parameters } = parts;
  const { architecture, batchSize, tokenCount } = model;
  const tokens = model.group(group).tokensInput(parts);
  // The released tool multiplies the tokens by the policy before, too: as each is scored by itself and CLS, that does
  // nothing that a product with the scores does not.
  const scores = architecture.scores(parameters, tokens, group);
  const bounded = explorationBound === null ? scores : boundProbabilities(scores, explorationBound);
  if (group === 0) return { tokens, before: null, probabilities: bounded };
  const before = graph.input('before', 'float32', [batchSize, tokenCount]);
  return { tokens, before, probabilities: multiply(bounded, before) };
}

export function keepFeeds(model: SelectingModel, { tokens, before }: Impression): Feeds {
  const last = before.at(-1);
  return last === undefined ? { tokens } : { tokens, before: model.maskFeed(last) };
}

/** The probabilities of {@link keepProbabilities}, here. */
export function probabilitiesOf({ scores, before }: Impression, explorationBound: number | null): Float32Array {
  if (explorationBound === null) return scores;
  const last = before.at(-1);
  return scores.map((p, i) => (explorationBound * p + (1 - explorationBound) * (1 - p)) * (last?.[i] ?? 1));
}

/** `loss` less `bonus` for each nat of entropy that a clip's policy has: its tokens' summed, mean over the batch. */
export function withEntropyBonus(
  loss: Value<'float32'>,
  probabilities: Value<'float32'>,
  bonus: number,
): Value<'float32'> {
  if (bonus === 0) return loss;
  return subtract(loss, scale(reduceMean(policyEntropy(probabilities), [0], false), bonus));
}
