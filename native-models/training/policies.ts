import type { Outcome } from './reward.ts';

/**
 * Which tokens of a batch are kept: `[batch, tokens]`, 1 for a kept one, 0 for a dropped one. CLS is not among
 * them: it is always kept.
 */
export type Policy = Float32Array<ArrayBuffer>;

/** What the trained model does: keeps every token that scores above the threshold. */
export function greedyPolicy(scores: Float32Array, threshold: number): Policy {
  return Float32Array.from(scores, (score) => (score > threshold ? 1 : 0));
}

/** What became of each clip of a batch under `policy`. */
export function outcomesOf(policy: Policy, answers: Uint32Array, labels: Uint32Array): Outcome[] {
  const tokens = policy.length / labels.length;
  return Array.from(labels, (label, clip) => ({
    keepRatio: meanOf(policy.subarray(clip * tokens, (clip + 1) * tokens)),
    correct: answers[clip] === label,
  }));
}

/** Mean keep ratio and share of right answers. */
export function summaryOf(outcomes: readonly Outcome[]): { readonly keepRatio: number; readonly accuracy: number } {
  return {
    keepRatio: meanOf(outcomes.map(({ keepRatio }) => keepRatio)),
    accuracy: meanOf(outcomes.map(({ correct }) => (correct ? 1 : 0))),
  };
}

export function meanOf(numbers: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < numbers.length; i++) sum += numbers[i] ?? 0;
  return sum / numbers.length;
}

/** The index of the largest number in each row of `columns`; of equal ones the first. */
export function largestOfRows(numbers: Float32Array, columns: number): Uint32Array<ArrayBuffer> {
  return Uint32Array.from({ length: numbers.length / columns }, (_, row) => {
    const values = numbers.subarray(row * columns, (row + 1) * columns);
    return values.indexOf(values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY));
  });
}
