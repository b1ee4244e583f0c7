import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnalysisEngine } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { softmax } from '#engine/analysis/predictions.ts';
import { baselineView } from '#engine/evaluation/faithfulness/baseline.ts';
import { scoreFaithfulness } from '#engine/evaluation/faithfulness/score-faithfulness.ts';
import { scoreMaps } from '#engine/evaluation/faithfulness/score-maps.ts';
import { tinyBundle } from '../../../fixtures/analysis.ts';

let engine: AnalysisEngine & AsyncDisposable;
beforeAll(async () => {
  engine = await openEngine(await tinyBundle(), { device: 'cpu', precision: 'fp32', threads: 1 });
});
afterAll(() => engine[Symbol.asyncDispose]());

/** A view with a bright square that wanders, so that selectors differ. */
function wanderingSquare(): Float32Array {
  const view = new Float32Array(3 * 8 * 128 * 128).fill(-0.5);
  for (let channel = 0; channel < 3; channel++) {
    for (let frame = 0; frame < 8; frame++) {
      for (let y = 40; y < 72; y++)
        view.fill(1, ...[12 * frame, 12 * frame + 32].map((x) => ((channel * 8 + frame) * 128 + y) * 128 + x));
    }
  }
  return view;
}

test('every selector of a model is judged from the whole view to nothing and back', { timeout: 60_000 }, async () => {
  const { model } = engine;
  const pixels = wanderingSquare();
  const maps = await scoreMaps(model, pixels, 0);
  expect([...maps.keys()]).toEqual(['interpreter', 'random', 'frame-difference', 'saliency', 'attention-rollout']);
  for (const scores of maps.values()) expect(scores).toHaveLength(512);

  const two = new Map([...maps].filter(([name]) => name === 'interpreter' || name === 'random'));
  const judged = await scoreFaithfulness(model, pixels, two);
  const answer = async (view: Float32Array) => softmax(await model.classify(await model.embed(view), null));
  const whole = await answer(pixels);
  for (const { predicted, deletion, insertion } of judged.values()) {
    expect(whole[predicted]).toBe(Math.max(...whole));
    for (const baseline of ['zero', 'blur'] as const) {
      const empty = await answer(baselineView(pixels, baseline, { frames: 8, side: 128, patchSize: 16 }));
      expect(deletion[baseline].probabilities[0]).toBeCloseTo(whole[predicted]!, 6);
      expect(deletion[baseline].probabilities[10]).toBeCloseTo(empty[predicted]!, 6);
      expect(insertion[baseline].probabilities[0]).toBeCloseTo(empty[predicted]!, 6);
      expect(insertion[baseline].probabilities[10]).toBeCloseTo(whole[predicted]!, 6);
    }
  }
  expect(judged.get('interpreter')!.deletion).not.toEqual(judged.get('random')!.deletion);
});
