import { afterAll, beforeAll, expect, test } from 'vitest';
import { SCORE_MAPS } from '#contract/score-maps.ts';
import type { AnalysisEngine } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { softmax } from '#engine/analysis/predictions.ts';
import { availableMaps } from '#engine/analysis/score-map.ts';
import { baselineView } from '#engine/evaluation/faithfulness/baseline.ts';
import { judgeMaps } from '#engine/evaluation/faithfulness/judge-maps.ts';
import { mapResult } from '#engine/evaluation/faithfulness/map-results.ts';
import { scoreFaithfulness } from '#engine/evaluation/faithfulness/score-faithfulness.ts';
import { scoreMaps } from '#engine/evaluation/faithfulness/score-maps.ts';
import { tinyBundle } from '../../../fixtures/analysis.ts';

let engine: AnalysisEngine & AsyncDisposable;
beforeAll(async () => {
  engine = await openEngine(await tinyBundle(), { device: 'cpu', precision: 'fp32', threads: 1 });
});
afterAll(() => engine[Symbol.asyncDispose]());

/** Where the square is in frame `frame`: columns 12·frame … 12·frame + 32 of rows 40 … 72. */
function squareMask(): Uint8Array {
  const mask = new Uint8Array(8 * 128 * 128);
  for (let frame = 0; frame < 8; frame++) {
    for (let y = 40; y < 72; y++) {
      const row = (frame * 128 + y) * 128 + 12 * frame;
      mask.fill(1, row, row + 32);
    }
  }
  return mask;
}

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
  const maps = await scoreMaps(model, pixels, { maps: availableMaps(model.bundle.manifest), stream: 0 });
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

test('score maps are judged on the same views, and what moves is found by what changes', {
  timeout: 60_000,
}, async () => {
  const { model } = engine;
  const pixels = wanderingSquare();
  const whole = { maps: SCORE_MAPS, curves: true };
  const first = await judgeMaps(model, { pixels, mask: squareMask(), stream: 0 }, whole);
  expect([...first.maps.keys()]).toEqual(SCORE_MAPS);
  const withoutCurves = async (mask: Uint8Array | null) => {
    const { predicted, maps } = await judgeMaps(
      model,
      { pixels, mask, stream: 1 },
      { maps: SCORE_MAPS, curves: false },
    );
    expect(predicted).toBeNull();
    return maps;
  };
  const all = [first.maps, await withoutCurves(null), await withoutCurves(squareMask())];
  const results = new Map(SCORE_MAPS.map((name) => [name, mapResult(all.map((maps) => maps.get(name)!))]));
  for (const { areas, agreement } of results.values()) {
    expect(areas!.views).toBe(1);
    expect(agreement!.views).toBe(2);
    for (const area of [areas!.deletion.zero, areas!.insertion.blur]) expect(area).toBeGreaterThan(0);
  }
  const alone = await scoreFaithfulness(
    model,
    pixels,
    await scoreMaps(model, pixels, { maps: ['saliency'], stream: 0 }),
  );
  expect(results.get('saliency')!.areas!.deletion.blur).toBeCloseTo(alone.get('saliency')!.deletion.blur.auc, 6);
  expect(first.predicted).toBe(alone.get('saliency')!.predicted);
  // The square takes 1/16 of the pixels; chance finds no more than that.
  const precision = (name: 'random' | 'frame-difference') => results.get(name)!.agreement!.averagePrecision!;
  expect(precision('random')).toBeLessThan(0.1);
  expect(precision('frame-difference')).toBeGreaterThan(2 * precision('random'));
});

test('a model without an interpreter has the other maps', async () => {
  const { bundle } = engine.model;
  expect(availableMaps({ ...bundle.manifest, selection: null })).toEqual(SCORE_MAPS.slice(1));
});
