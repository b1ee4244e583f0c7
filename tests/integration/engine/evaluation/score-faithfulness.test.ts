import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AnalysisEngine } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { softmax } from '#engine/analysis/predictions.ts';
import { baselineView } from '#engine/evaluation/faithfulness/baseline.ts';
import { judgeMaps } from '#engine/evaluation/faithfulness/judge-maps.ts';
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

test('score maps are judged on the same views, and what moves is found by what changes', {
  timeout: 60_000,
}, async () => {
  const view = { pixels: wanderingSquare(), mask: squareMask() };
  const views = [view, { ...view, mask: null }, view];
  const events = await Array.fromAsync(judgeMaps(views, engine.model, { curveViews: 1 }));
  expect(events.map(({ type }) => type)).toEqual(['progress', 'progress', 'progress', 'done']);
  const done = events.at(-1)!;
  if (done.type !== 'done') throw new Error('judging did not end');
  expect([...done.results.keys()]).toHaveLength(5);
  for (const { areas, agreement } of done.results.values()) {
    expect(areas!.views).toBe(1);
    expect(agreement!.views).toBe(2);
    for (const area of [areas!.deletion.zero, areas!.insertion.blur]) expect(area).toBeGreaterThan(0);
  }
  const maps = await scoreMaps(engine.model, view.pixels, 0);
  const alone = (await scoreFaithfulness(engine.model, view.pixels, maps)).get('saliency')!;
  expect(done.results.get('saliency')!.areas!.deletion.blur).toBeCloseTo(alone.deletion.blur.auc, 6);
  // The square takes 1/16 of the pixels; chance finds no more than that.
  const precision = (name: 'random' | 'frame-difference') => done.results.get(name)!.agreement!.averagePrecision!;
  expect(precision('random')).toBeLessThan(0.1);
  expect(precision('frame-difference')).toBeGreaterThan(2 * precision('random'));
});
