import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { perturbationCurve } from '#engine/evaluation/faithfulness/perturbation.ts';

/** One patch of 2×2 in ten frames: ten tokens, one for each step. */
const grid = { frames: 10, side: 2, patchSize: 2 };
const view = new Float32Array(3 * 10 * 4).fill(1);
const removed = new Float32Array(view.length);

/** Mean over the three channels and all pixels of frame i, for each i. */
const frameMeans = (pixels: Float32Array) =>
  Array.from({ length: 10 }, (_, frame) => {
    let sum = 0;
    for (let channel = 0; channel < 3; channel++)
      for (let pixel = 0; pixel < 4; pixel++) sum += pixels[(channel * 10 + frame) * 4 + pixel]!;
    return sum / 12;
  });

/** A classifier whose evidence for class 1 is the sum of the weights of the frames that are there. */
const additive = (weights: readonly number[]) => async (pixels: Float32Array) => {
  const evidence = frameMeans(pixels).reduce((sum, mean, frame) => sum + mean * weights[frame]!, 0);
  return Float32Array.of(1 - evidence, evidence);
};

const curves = async (weights: readonly number[], scores: readonly number[]) => {
  const subject = { view, removed, grid, predicted: 1 };
  const map = Float32Array.from(scores);
  return {
    deletion: await perturbationCurve('deletion', subject, map, additive(weights)),
    insertion: await perturbationCurve('insertion', subject, map, additive(weights)),
  };
};

describe('the curves of an additive classifier', () => {
  test('are straight where every patch counts alike', async () => {
    const { deletion, insertion } = await curves(new Array(10).fill(0.1), [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]);
    for (const [i, share] of deletion.shares.entries()) {
      expect(share).toBeCloseTo(i / 10, 12);
      expect(deletion.probabilities[i]).toBeCloseTo(1 - share, 6);
      expect(insertion.probabilities[i]).toBeCloseTo(share, 6);
    }
    expect(deletion.auc).toBeCloseTo(0.5, 6);
    expect(insertion.auc).toBeCloseTo(0.5, 6);
  });

  test('fall and rise at once where the one patch that counts scores highest, and at last where it scores lowest', async () => {
    const weights = [0, 0, 0, 0, 0, 0, 1, 0, 0, 0];
    const right = await curves(weights, weights);
    // One trapezoid of width 0.1 between 1 and 0.
    expect(right.deletion.auc).toBeCloseTo(0.05, 6);
    expect(right.insertion.auc).toBeCloseTo(0.95, 6);
    const wrong = await curves(
      weights,
      weights.map((weight) => -weight),
    );
    expect(wrong.deletion.auc).toBeCloseTo(0.95, 6);
    expect(wrong.insertion.auc).toBeCloseTo(0.05, 6);
  });

  test('are parabolas where weights fall linearly', async () => {
    // 0.19, 0.17, …, 0.01: the first k of ten sum to 1 − (1 − k/10)².
    const weights = Array.from({ length: 10 }, (_, i) => (19 - 2 * i) / 100);
    const { deletion, insertion } = await curves(weights, weights);
    for (const [i, share] of deletion.shares.entries())
      expect(deletion.probabilities[i]).toBeCloseTo((1 - share) ** 2, 6);
    // ∫(1 − s)² = 1/3, and the trapezoids of a tenth are h²/6 = 1/600 above it.
    expect(deletion.auc).toBeCloseTo(1 / 3 + 1 / 600, 6);
    expect(insertion.auc).toBeCloseTo(2 / 3 - 1 / 600, 6);
  });

  test('have no better order than that of the weights', async () => {
    const weight = fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 10, maxLength: 10 });
    const scores = fc.array(fc.float({ noNaN: true }), { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(weight, scores, async (raw, other) => {
        const sum = raw.reduce((total, one) => total + one, 0);
        const weights = raw.map((one) => one / sum);
        const best = await curves(weights, weights);
        const some = await curves(weights, other);
        expect(best.deletion.auc).toBeLessThanOrEqual(some.deletion.auc + 1e-6);
        expect(best.insertion.auc).toBeGreaterThanOrEqual(some.insertion.auc - 1e-6);
        // What deletion takes insertion gives.
        expect(some.deletion.auc + some.insertion.auc).toBeCloseTo(1, 5);
      }),
      { numRuns: 50 },
    );
  });
});

test('a patch is taken from its frame and place in all channels, and from nowhere else', async () => {
  const four = { frames: 2, side: 4, patchSize: 2 };
  const pixels = Float32Array.from({ length: 3 * 2 * 16 }, (_, i) => i + 1);
  // Token 5: patch 2 (the lower left one) of frame 1. Eight tokens: a tenth rounds to one.
  const scores = Float32Array.from({ length: 8 }, (_, token) => (token === 5 ? 1 : 0));
  const seen: Float32Array[] = [];
  const subject = { view: pixels, removed: new Float32Array(pixels.length), grid: four, predicted: 0 };
  await perturbationCurve('deletion', subject, scores, async (step) => {
    seen.push(step.slice());
    return Float32Array.of(1);
  });
  const gone = [...seen[1]!.entries()].filter(([, value]) => value === 0).map(([at]) => at);
  const expected = [0, 1, 2].flatMap((channel) => [8, 9, 12, 13].map((pixel) => (channel * 2 + 1) * 16 + pixel));
  expect(gone).toEqual(expected);
  expect(seen[0]).toEqual(pixels);
  expect(seen[10]!.every((value) => value === 0)).toBe(true);
  expect(pixels[0]).toBe(1);
});
