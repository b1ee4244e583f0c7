import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MissingLabelsError } from '#contract/errors.ts';
import type { AttentionType } from '#native-models/bundle/manifest.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import type { ClipSource } from '#native-models/training/clip-source.ts';
import { type FineTunePhaseOptions, fineTunePhase } from '#native-models/training/fine-tune-phase.ts';
import type { ParameterSet } from '#native-models/training/parameter-set.ts';
import { greedyPolicy } from '#native-models/training/policies.ts';
import { type PolicyPhaseOptions, policyPhase } from '#native-models/training/policy-phase.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { train } from '#native-models/training/train-loop.ts';
import type { TrainingSettings } from '#native-models/training/training-settings.ts';
import type { TrainingTask } from '#native-models/training/training-task.ts';
import {
  brightPatches,
  decidingToken,
  freshParameters,
  SMALL,
  SMALL_SELECTION,
} from '../../../fixtures/training/bright-patch.ts';
import { adam } from '../../../fixtures/training/settings.ts';
import { sum } from '../plain-tensor.ts';

const BATCH = 16;
const TOKENS = 32;
const clips = brightPatches(BATCH);
/** Far behind any clip that a run of this file sees. */
const unseen = brightPatches(BATCH, 1_000_000);
const unlabelled: ClipSource = { ...clips, batch: async (index) => ({ ...(await clips.batch(index)), labels: null }) };

const isInterpreter = (name: string) => name.startsWith('interpreter.');
const isHead = (name: string) => name.startsWith('head.');

let runtime: InferenceRuntime;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 2 });
});
afterAll(() => runtime[Symbol.asyncDispose]());

async function learnt<B>(task: TrainingTask<B>, settings: TrainingSettings): Promise<ParameterSet> {
  for await (const event of train(task, settings)) if (event.kind === 'done') return event.parameters;
  throw new Error('The run did not end.');
}

function fresh(attention: AttentionType) {
  const config = { ...SMALL, attention };
  const model = new SelectingModel({ runtime, config, selection: SMALL_SELECTION, batchSize: BATCH });
  const parameters = freshParameters(config, SMALL_SELECTION, 1);
  return {
    model,
    backbone: parameters.only((name) => !isInterpreter(name)),
    interpreter: parameters.only(isInterpreter),
  };
}

const FINE_TUNING = {
  clips,
  labels: { kind: 'given' },
  labelSmoothing: 0,
} as const satisfies Partial<FineTunePhaseOptions>;
const POLICY = {
  clips,
  labels: { kind: 'given' },
  reward: { shape: 'squared', tau: 1 },
  explorationBound: null,
  entropyBonus: 0,
} as const satisfies Partial<PolicyPhaseOptions>;

/** On clips that were not learnt from: what is kept, and how often the answer on it is right. */
async function judge({ model, backbone, interpreter }: ReturnType<typeof fresh>) {
  const parameters = [backbone, interpreter];
  const figures = { fullAccuracy: 0, accuracy: 0, agreement: 0, decidingKept: 0, keepRatio: 0 };
  const batches = 8;
  for (let index = 0; index < batches; index++) {
    const { clips: pixels, labels } = await unseen.batch(index);
    const { tokens, scores } = await model.look(parameters, pixels);
    const policy = greedyPolicy(scores, model.selection.threshold);
    const [full, selected] = [
      await model.answer(parameters, tokens, null),
      await model.answer(parameters, tokens, policy),
    ];
    for (const [i, number] of unseen.numbersOf(index).entries()) {
      const weight = 1 / (batches * BATCH);
      if (full[i] === labels![i]) figures.fullAccuracy += weight;
      if (selected[i] === labels![i]) figures.accuracy += weight;
      if (selected[i] === full[i]) figures.agreement += weight;
      figures.decidingKept += weight * policy[i * TOKENS + decidingToken(number)]!;
      figures.keepRatio += weight * (sum(TOKENS, (token) => policy[i * TOKENS + token]!) / TOKENS);
    }
  }
  return figures;
}

describe.each([
  ['joint_space_time', 'given', 'with labels'],
  ['divided_space_time', 'full-model', "with the full model's answers for labels"],
] as const)('a model with %s attention', (attention, labels, how) => {
  let trained: ReturnType<typeof fresh>;
  beforeAll(async () => {
    const { model, backbone, interpreter } = fresh(attention);
    const whole = { model, backbone, interpreter, tokens: 'everything', trained: 'all', ...FINE_TUNING } as const;
    const full = backbone.with(await learnt(fineTunePhase(whole), adam(120, 3e-3)));
    const source =
      labels === 'given'
        ? { clips, labels: { kind: 'given' as const } }
        : { clips: unlabelled, labels: { kind: 'full-model' as const, backbone: full } };
    const policy = policyPhase({ ...POLICY, model, backbone: full, interpreter, ...source });
    trained = { model, backbone: full, interpreter: await learnt(policy, adam(160, 1e-2)) };
  });

  it(`learns ${how} to keep the one patch that matters, and to drop the others`, async () => {
    const figures = await judge(trained);
    expect(figures.fullAccuracy).toBeGreaterThan(0.97);
    expect(figures.decidingKept).toBeGreaterThan(0.97);
    expect(figures.keepRatio).toBeLessThan(0.15);
    expect(figures.accuracy).toBeGreaterThan(figures.fullAccuracy - 0.02);
    expect(figures.agreement).toBeGreaterThan(0.97);
  });

  it('learns the same through straight-through Gumbel softmax', async () => {
    const { model, backbone } = trained;
    const { interpreter } = fresh(attention);
    const gumbel = { estimator: { kind: 'gumbel', temperature: 1 } } as const;
    const policy = policyPhase({ ...POLICY, ...gumbel, model, backbone, interpreter });
    const figures = await judge({ model, backbone, interpreter: await learnt(policy, adam(160, 1e-2)) });
    expect(figures.decidingKept).toBeGreaterThan(0.97);
    expect(figures.keepRatio).toBeLessThan(0.15);
    expect(figures.accuracy).toBeGreaterThan(figures.fullAccuracy - 0.02);
  });

  it('learns to answer from the kept patches, and leaves alone what the scores depend on', async () => {
    const { model, backbone, interpreter } = trained;
    const forgetful = backbone.with(backbone.only(isHead).zeros());
    const options = { model, backbone: forgetful, interpreter, tokens: 'interpreter', trained: 'blocks' } as const;
    const tuned = await learnt(fineTunePhase({ ...options, ...FINE_TUNING, labelSmoothing: 0.1 }), adam(60, 3e-3));
    expect([...tuned.shapes.keys()].filter((name) => !/^(blocks\.0|norm|head)\./.test(name))).toEqual([]);
    const before = await judge({ model, backbone: forgetful, interpreter });
    const after = await judge({ model, backbone: forgetful.with(tuned), interpreter });
    expect(before.accuracy).toBeLessThan(0.6);
    expect(after.accuracy).toBeGreaterThan(0.97);
    expect(after.keepRatio).toBe(before.keepRatio);
  });
});

describe('fine-tuning on either all tokens or the kept ones', () => {
  it.each([0.5, 0.125])('shows each clip one or the other, by chance: %f', async (share) => {
    const { model, backbone, interpreter } = fresh('joint_space_time');
    // Every score is less than one half: an interpreter that keeps nothing.
    interpreter.numbers.fill(0);
    interpreter.get('interpreter.0.qk.bias').forEach((_, i, bias) => {
      bias[i] = i < SMALL.dim ? 3 : -3;
    });
    const options = {
      model,
      backbone,
      interpreter,
      tokens: { whole: share },
      trained: 'blocks',
      ...FINE_TUNING,
    } as const;
    const task = fineTunePhase(options);
    const random = RandomStream.seeded(5);
    let whole = 0;
    for (let step = 0; step < 8; step++) {
      const { figures } = await task.step(task.initial, await clips.batch(step), random);
      whole += figures.keepRatio! * BATCH;
    }
    // 128 coins, four standard deviations; each clip is seen whole or not at all.
    expect(whole).toBeCloseTo(Math.round(whole), 4);
    expect(Math.abs(whole - 128 * share)).toBeLessThan(4 * Math.sqrt(128 * share * (1 - share)));
    expect(() => fineTunePhase({ ...options, group: 1 })).toThrow(RangeError);
  });
});

describe('a policy step', () => {
  /** An interpreter that gives every token nearly the score 1, or exactly 1/2. */
  function decided(score: 'one' | 'half') {
    const parts = fresh('joint_space_time');
    parts.interpreter.numbers.fill(0);
    if (score === 'one') parts.interpreter.get('interpreter.0.qk.bias').fill(3);
    return parts;
  }
  const stepOf = async (options: PolicyPhaseOptions) =>
    policyPhase(options).step(options.interpreter, await options.clips.batch(0), RandomStream.seeded(3));

  it('teaches nothing where the draw is what the policy would have chosen anyway', async () => {
    const { loss, gradients, figures } = await stepOf({ ...decided('one'), ...POLICY });
    expect(figures).toMatchObject({ keepRatio: 1, drawnKeepRatio: 1 });
    expect(figures.reward).toBe(figures.drawnReward);
    expect(loss).toBeCloseTo(0, 10);
    for (const gradient of gradients.values()) expect(gradient.every((value) => value === 0)).toBe(true);
  });

  it('still explores under a bound of 0.8: one token in five is drawn otherwise', async () => {
    const { figures } = await stepOf({ ...decided('one'), ...POLICY, explorationBound: 0.8 });
    expect(figures.keepRatio).toBe(1);
    // 512 draws, five standard deviations.
    expect(Math.abs(figures.drawnKeepRatio! - 0.8)).toBeLessThan(0.09);
  });

  it('takes the bonus for entropy off the loss: log 2 for each token at even odds', async () => {
    const parts = decided('half');
    const plain = await stepOf({ ...parts, ...POLICY });
    const bonus = await stepOf({ ...parts, ...POLICY, entropyBonus: 0.01 });
    expect(plain.loss - bonus.loss).toBeCloseTo(0.01 * TOKENS * Math.log(2), 5);
  });

  it('needs labels from somewhere', async () => {
    const options = { ...decided('half'), ...POLICY, clips: unlabelled };
    await expect(stepOf(options)).rejects.toThrow(MissingLabelsError);
    await expect(
      stepOf({ ...options, labels: { kind: 'full-model', backbone: options.backbone } }),
    ).resolves.toBeDefined();
  });
});
