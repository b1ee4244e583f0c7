import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { calibrateThreshold } from '#native-models/training/calibrate-threshold.ts';
import { isInterpreter } from '#native-models/training/fresh-interpreter.ts';
import { type JudgedBatch, judgeSelection } from '#native-models/training/judge-selection.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import { greedyPolicy } from '#native-models/training/policies.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { brightPatches, freshParameters, SMALL, SMALL_SELECTION } from '../../../fixtures/training/bright-patch.ts';

const BATCH = 8;
const TOKENS = 32;

let runtime: InferenceRuntime;
let model: SelectingModel;
let backbone: ParameterSet;
let interpreter: ParameterSet;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
  const config = { ...SMALL, attention: 'divided_space_time' } as const;
  model = new SelectingModel({ runtime, config, selection: SMALL_SELECTION, batchSize: BATCH });
  const parameters = freshParameters(config, SMALL_SELECTION, 2);
  backbone = parameters.only((name) => !isInterpreter(name));
  // Strong enough for answers of random weights to differ, and for scores to spread.
  for (const [name, values] of backbone.tensors) if (name.endsWith('.weight')) scale(values, 6);
  interpreter = parameters.only(isInterpreter);
  scale(interpreter.get('interpreter.0.qk.weight'), 4);
});
afterAll(() => runtime[Symbol.asyncDispose]());

function scale(values: Float32Array, by: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= by;
}

/** Three batches, of the last of which the first three clips count. */
async function* batches(labelled = false): AsyncGenerator<JudgedBatch> {
  const clips = brightPatches(BATCH, 500);
  for (let index = 0; index < 3; index++) {
    const batch = await clips.batch(index);
    yield { ...batch, labels: labelled ? batch.labels : null, count: index === 2 ? 3 : BATCH };
  }
}

const judge = (threshold: number, labelled = false) =>
  judgeSelection({
    model,
    parts: { backbone, interpreter },
    full: backbone,
    threshold,
    batches: batches(labelled),
    seed: 1,
  });

/** The same figures, clip by clip. */
async function byHand(threshold: number) {
  const all = [backbone, interpreter];
  let [agreed, kept, clips] = [0, 0, 0];
  for await (const batch of batches()) {
    const { tokens, scores } = await model.look(all, batch.clips);
    const policy = greedyPolicy(scores, threshold);
    const [full, selected] = [await model.answer(all, tokens, null), await model.answer(all, tokens, policy)];
    for (let clip = 0; clip < batch.count; clip++, clips++) {
      if (full[clip] === selected[clip]) agreed++;
      kept += policy.subarray(clip * TOKENS, (clip + 1) * TOKENS).reduce((a, b) => a + b, 0) / TOKENS;
    }
  }
  return { clips, agreement: agreed / clips, keepRatio: kept / clips };
}

describe('judging a selection', () => {
  it('counts only the clips that count', async () => {
    const { clips, agreement, keepRatio } = await judge(0.5);
    expect(clips).toBe(2 * BATCH + 3);
    const expected = await byHand(0.5);
    expect(agreement).toBe(expected.agreement);
    expect(keepRatio).toBeCloseTo(expected.keepRatio, 6);
    expect(keepRatio).toBeGreaterThan(0.1);
    expect(keepRatio).toBeLessThan(0.9);
  });

  it('finds everything kept to agree, and nothing kept to be no better than chance at that', async () => {
    expect(await judge(0)).toMatchObject({ agreement: 1, randomAgreement: 1, keepRatio: 1, right: null });
    const { agreement, randomAgreement, keepRatio } = await judge(1);
    expect(keepRatio).toBe(0);
    expect(agreement).toBe(randomAgreement);
    expect(agreement).toBeLessThan(1);
  });

  it('tells right answers where classes are known', async () => {
    const { right } = await judge(0, true);
    expect(right!.selected).toBe(right!.full);
    expect(right!.random).toBe(right!.full);
  });
});

describe('calibrating the threshold', () => {
  const calibrate = (agreement: number, threshold: number, full = backbone) =>
    calibrateThreshold({
      model,
      parts: { backbone, interpreter },
      full,
      batches: () => batches(),
      threshold,
      agreement,
    });

  it('leaves a threshold alone that agrees enough', async () => {
    const { agreement } = await byHand(0.5);
    expect(await calibrate(agreement, 0.5)).toMatchObject({ threshold: 0.5, agreement });
  });

  it('lowers one that does not, no further than need be, and tells what was measured there', async () => {
    const before = await byHand(0.8);
    const wanted = Math.min(1, before.agreement + 0.1);
    const found = await calibrate(wanted, 0.8);
    expect(found.threshold).toBeLessThan(0.8);
    expect(found.agreement).toBeGreaterThanOrEqual(wanted);
    const after = await byHand(found.threshold);
    expect(found.agreement).toBe(after.agreement);
    expect(found.keepRatio).toBeCloseTo(after.keepRatio, 6);
    expect(found.keepRatio).toBeLessThan(1);
  });

  it('takes what agrees most where nothing agrees enough', async () => {
    const other = backbone.copy();
    scale(other.get('head.weight'), -1);
    const found = await calibrate(1, 0.5, other);
    expect(found.agreement).toBeLessThan(1);
    expect([0, 0.5]).toContain(found.threshold);
  });
});
