import { expect, it } from 'vitest';
import { attentionTrial, TOLERANCE, trialError } from '#native-models/runtime/trial-graphs.ts';

const trial = attentionTrial('fp32');

function tensorOf(change: (right: number, index: number) => number) {
  return { dtype: 'float32', dims: [1, 197, 64], data: Float32Array.from(trial.expected, change) } as const;
}

it('results of a trial pass when they are rounded, and do not when they are wrong, missing or no numbers', () => {
  expect(
    trialError(
      trial,
      tensorOf((right) => right),
    ),
  ).toBeLessThan(1e-6);
  // Ten bits of mantissa, which is what CUDA's TF32 has.
  expect(
    trialError(
      trial,
      tensorOf((right) => right * (1 + 2 ** -11)),
    ),
  ).toBeLessThan(TOLERANCE.fp32);
  expect(
    trialError(
      trial,
      tensorOf((_, i) => trial.expected[i + 1] ?? 0),
    ),
  ).toBeGreaterThan(10 * TOLERANCE.fp16);
  expect(
    trialError(
      trial,
      tensorOf((right, i) => (i === 7 ? Number.NaN : right)),
    ),
  ).toBe(Number.POSITIVE_INFINITY);
  expect(trialError(trial, { dtype: 'float32', dims: [0], data: new Float32Array() })).toBe(Number.POSITIVE_INFINITY);
});
