/**
 * What a policy is rewarded for (IA-RED², section 3.3): few tokens, and the right answer on them. Pure arithmetic on
 * what the classifier said; the gradient of the policy is in `policy-loss.ts`.
 */

/** How a right answer is rewarded by the share of kept tokens: `1 − share²` (the paper's), or `1 − share`. */
export type RewardShape = 'squared' | 'linear';

export interface Reward {
  readonly shape: RewardShape;
  /** Price of a wrong answer, at least 0: the reward is then −tau. */
  readonly tau: number;
}

/** What became of one clip under one choice of tokens. */
export interface Outcome {
  /** Kept patch tokens over all patch tokens, 0 … 1. */
  readonly keepRatio: number;
  /** Whether the classifier was right on the kept tokens. */
  readonly correct: boolean;
}

/** `1 − keepRatio²` (or `1 − keepRatio`) for a right answer, `−tau` for a wrong one. */
export function rewardOf({ shape, tau }: Reward, { keepRatio, correct }: Outcome): number {
  if (!correct) return -tau;
  return 1 - (shape === 'squared' ? keepRatio ** 2 : keepRatio);
}

/**
 * How much better a draw did than the policy's own most likely choice, its baseline (self-critical training, Rennie et
 * al. 2017): `R(drawn) − R(greedy)`.
 */
export function advantageOf(reward: Reward, drawn: Outcome, greedy: Outcome): number {
  return rewardOf(reward, drawn) - rewardOf(reward, greedy);
}
