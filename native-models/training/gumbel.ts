import { gatingBias } from '../architectures/token-mask.ts';
import type { Value } from '../onnx/graph.ts';
import { add, clip, logarithm, multiply, negate, reduceMean, subtract } from '../onnx/operators/arithmetic.ts';
import { gumbelGate, gumbelNoise } from './gumbel-gate.ts';
import { keepFeeds, keepProbabilities, withEntropyBonus } from './keep-probabilities.ts';
import { crossEntropy } from './losses.ts';
import { largestOfRows, outcomesOf } from './policies.ts';
import type { PolicyEstimator } from './policy-estimator.ts';
import type { ReinforceOptions } from './reinforce.ts';
import type { Reward } from './reward.ts';
import { StepGraph } from './step-graph.ts';

export interface GumbelOptions extends ReinforceOptions {
  readonly temperature: number;
}

/**
 * Straight-through Gumbel softmax, the paper's alternative to REINFORCE (IA-RED², ablations): each clip is answered once on
 * a draw of its tokens, and the gradient of the answer and of the number of tokens goes through the gates on the keys of
 * all attentions, back through the fixed backbone, to the scores. The paper gives neither loss nor temperature; see
 * {@link gumbelLoss}.
 */
export function gumbel(options: GumbelOptions): PolicyEstimator {
  const { model, group, trained, reward, temperature, explorationBound, entropyBonus } = options;
  const { architecture, batchSize, tokenCount } = model;
  const settings = { group, reward: { ...reward }, temperature, explorationBound, entropyBonus };
  const graph = new StepGraph(model.computation(`gumbel ${JSON.stringify(settings)}`), trained, (parts) => {
    const { parameters, fusion } = parts;
    const { tokens, before, probabilities } = keepProbabilities(options, parts);
    const noise = parts.graph.input('noise', 'float32', [batchSize, tokenCount]);
    const { gate: drawn, held } = gumbelGate(probabilities, noise, temperature);
    const gate = before === null ? drawn : multiply(drawn, before);
    const logits = architecture.answer(parameters, tokens, group, gatingBias(gate), fusion);
    parts.graph.output('gate', gate);
    parts.graph.output('logits', logits);
    const { perSample } = crossEntropy(logits, parts.graph.input('labels', 'int64', [batchSize]));
    const loss = gumbelLoss(perSample, reduceMean(gate, [1], false), reward);
    return { loss: withEntropyBonus(loss, probabilities, entropyBonus), held };
  });

  return async ({ parameters, impression, right, random, signal }) => {
    const { loss, gradients, outputs } = await graph.run(
      parameters,
      {
        ...keepFeeds(model, impression),
        noise: model.maskFeed(gumbelNoise(random, batchSize * tokenCount)),
        labels: { dtype: 'int64', dims: [batchSize], data: BigInt64Array.from(right, BigInt) },
      },
      signal,
    );
    const answers = largestOfRows(outputs.logits?.data as Float32Array, architecture.classes);
    const policy = Float32Array.from(outputs.gate?.data as Float32Array);
    return { loss, gradients, drawn: outcomesOf(policy, answers, right) };
  };
}

/** Keeps the logarithm finite where everything is kept and a wrong answer costs nothing. */
const LEAST_REWARD = 1e-6;

/**
 * Cross-entropy and a price for tokens, such that a step goes where the expected reward grows:
 * `mean over the batch of −log q − log(1 + τ − s²)`, with q the probability of the right class, s the share of kept tokens
 * and τ the price of a wrong answer; s instead of s² for the linear reward.
 *
 * Derived from the reward of the paper's policy gradient (IA-RED², section 3.3; the paper has no formula for its Gumbel
 * variant): if the classifier's answer is drawn from its softmax, the expected reward is R = q·(1 − s²) − (1 − q)·τ. Then
 * R + τ = q·(1 + τ − s²), and the loss is its negative logarithm.
 *
 * @param crossEntropies `[batch]`: −log q.
 * @param shares `[batch]`: kept tokens over all, 0 … 1.
 */
export function gumbelLoss(
  crossEntropies: Value<'float32'>,
  shares: Value<'float32'>,
  { shape, tau }: Reward,
): Value<'float32'> {
  const price = shape === 'squared' ? multiply(shares, shares) : shares;
  const most = shares.graph.constant('float32', [1], [1 + tau]);
  const worth = clip(subtract(most, price), LEAST_REWARD, 1 + tau);
  return reduceMean(add(crossEntropies, negate(logarithm(worth))), [0], false);
}
