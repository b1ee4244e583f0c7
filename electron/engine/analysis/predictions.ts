import type { Prediction } from '#contract/analysis.ts';

/** e^x over its sum; `[classes]`. */
export function softmax(logits: Float32Array): Float32Array {
  const largest = logits.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  const powers = logits.map((x) => Math.exp(x - largest));
  const sum = powers.reduce((total, x) => total + x, 0);
  return powers.map((x) => x / sum);
}

/** Element-wise mean of probabilities over views or clips. */
export function average(all: readonly Float32Array[]): Float32Array {
  const [first] = all;
  if (first === undefined) return new Float32Array(0);
  return first.map((_, i) => all.reduce((sum, one) => sum + (one[i] ?? 0), 0) / all.length);
}

/** The class with the largest probability, or logit; of equal ones the first. */
export function mostProbable(probabilities: Float32Array): number {
  return probabilities.indexOf(probabilities.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY));
}

/** The `count` most probable classes, best first. */
export function topPredictions(
  probabilities: Float32Array,
  labels: readonly string[],
  count: number,
): readonly Prediction[] {
  return Array.from(probabilities, (probability, index) => ({
    index,
    label: labels[index] ?? `class ${index}`,
    probability,
  }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, count);
}
