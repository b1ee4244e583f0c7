import { keepFeeds, keepProbabilities, probabilitiesOf, withEntropyBonus } from './keep-probabilities.ts';
import { outcomesOf } from './policies.ts';
import type { PolicyEstimator } from './policy-estimator.ts';
import { policyLoss } from './policy-loss.ts';
import { advantageOf, type Reward } from './reward.ts';
import type { SelectingModel } from './selecting-model.ts';
import { StepGraph } from './step-graph.ts';

export interface ReinforceOptions {
  readonly model: SelectingModel;
  readonly group: number;
  /** Names of the parameters that learn. */
  readonly trained: readonly string[];
  readonly reward: Reward;
  readonly explorationBound: number | null;
  readonly entropyBonus: number;
}

/**
 * REINFORCE with the policy's own most likely choice as the baseline (IA-RED², section 3.3): each clip is answered on
 * tokens drawn by their scores, and what that earns beyond the baseline makes the draw more or less likely. No gradient
 * goes through the backbone.
 */
export function reinforce(options: ReinforceOptions): PolicyEstimator {
  const { model, group, trained, reward, explorationBound, entropyBonus } = options;
  const { batchSize, tokenCount } = model;
  const at = model.group(group);
  const part = `policy gradient${group === 0 ? '' : ` ${group}`}, bound ${explorationBound}, entropy ${entropyBonus}`;
  const graph = new StepGraph(model.computation(part), trained, (parts) => {
    const { probabilities } = keepProbabilities(options, parts);
    const draw = parts.graph.input('draw', 'float32', [batchSize, tokenCount]);
    const loss = policyLoss(probabilities, draw, parts.graph.input('advantage', 'float32', [batchSize]));
    return withEntropyBonus(loss, probabilities, entropyBonus);
  });

  return async ({ parameters, impression, right, greedy, random, signal }) => {
    const draw = random.bernoulli(probabilitiesOf(impression, explorationBound));
    const drawn = outcomesOf(draw, await at.answer(parameters, impression.tokens, draw, signal), right);
    const advantages = greedy.map((outcome, clip) => advantageOf(reward, drawn[clip] ?? outcome, outcome));
    const { loss, gradients } = await graph.run(
      parameters,
      {
        ...keepFeeds(model, impression),
        draw: model.maskFeed(draw),
        advantage: { dtype: 'float32', dims: [batchSize], data: Float32Array.from(advantages) },
      },
      signal,
    );
    return { loss, gradients, drawn };
  };
}
