import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import { curriculum } from '#native-models/training/curriculum.ts';
import { fineTunePhase } from '#native-models/training/fine-tune-phase.ts';
import { greedyPolicy, meanOf } from '#native-models/training/policies.ts';
import { policyPhase } from '#native-models/training/policy-phase.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type ModelParts, type PhasesOptions, trainPhases } from '#native-models/training/train-phases.ts';
import { validate } from '#native-models/training/validate.ts';
import { GOLDEN_DEIT, GOLDEN_THRESHOLDS, importGoldenDeit, withoutClass } from '../../../fixtures/golden-deit.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import {
  brightPatches,
  decidingToken,
  freshParameters,
  SMALL,
  SMALL_SELECTION,
} from '../../../fixtures/training/bright-patch.ts';
import { adam } from '../../../fixtures/training/settings.ts';
import { FULL, goldenTensors } from '../architectures/golden-model.ts';
import { largestDifference } from '../plain-tensor.ts';

let runtime: InferenceRuntime;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 1 });
});
afterAll(() => runtime[Symbol.asyncDispose]());

const isInterpreter = (name: string) => name.startsWith('interpreter.');

describe('three groups of the published DeiT', () => {
  it.each(GOLDEN_THRESHOLDS)(
    'keep and answer what the released tool does at threshold %d',
    async (threshold, suffix) => {
      await using folder = await temporaryFolder();
      const bundle = await importGoldenDeit(folder.path);
      const selection = { ...bundle.manifest.selection!, threshold };
      const model = new SelectingModel({ runtime, config: GOLDEN_DEIT, selection, batchSize: 2 });
      const parameters = await bundleParameters(bundle);
      const golden = await goldenTensors('deit-ia-red2');
      const patches = (name: string) => withoutClass(golden[name]!.numbers);
      const image = Float32Array.from(golden.image!.numbers);
      const ratios: number[] = [];
      for (const group of [0, 1, 2]) {
        const at = model.group(group);
        const { tokens, scores, before } = await at.look([parameters], image);
        const policy = greedyPolicy(scores, threshold);
        expect([...policy]).toEqual(patches(`policy_${group}${suffix}`));
        expect(before.map((kept) => [...kept])).toEqual(
          Array.from({ length: group }, (_kept, i) => patches(`policy_${i}${suffix}`)),
        );
        if (suffix === '') expect(largestDifference(scores, patches(`scores_${group}`))).toBeLessThan(FULL);
        ratios.push(meanOf(policy));
        if (group < 2) continue;
        const wanted = golden[`logits${suffix}`]!.numbers;
        expect(largestDifference(await at.logits([parameters], tokens, policy), wanted)).toBeLessThan(FULL);
      }
      expect(ratios[2]).toBeLessThan(ratios[1]!);
      expect(ratios[1]).toBeLessThan(ratios[0]!);
    },
  );
});

const BATCH = 16;
const TOKENS = 32;

function twoGroups(attention: TimesformerConfig['attention'], seed: number) {
  const config: TimesformerConfig = { ...SMALL, attention, depth: 2 };
  const groups = [0, 1].map((firstBlock) => ({ firstBlock, blocks: 1 }));
  const selection = { ...SMALL_SELECTION, groups };
  const parameters = freshParameters(config, selection, seed);
  const start: ModelParts = {
    backbone: parameters.only((name) => !isInterpreter(name)),
    interpreter: parameters.only(isInterpreter),
  };
  return { model: new SelectingModel({ runtime, config, selection, batchSize: BATCH }), start };
}

describe.each(['joint_space_time', 'divided_space_time'] as const)('two groups with %s attention', (attention) => {
  const someOf = (seed: number, share: number) => {
    const random = RandomStream.seeded(seed);
    return random.bernoulli(new Float32Array(BATCH * TOKENS).fill(share));
  };

  it('are one group when the second keeps what the first keeps', async () => {
    const { model, start } = twoGroups(attention, 1);
    const all = [start.backbone, start.interpreter];
    const { clips } = await brightPatches(BATCH).batch(0);
    const second = await model.group(1).look(all, clips);
    const kept = second.before[0]!;
    expect(meanOf(kept)).toBeGreaterThan(0.2);
    expect(meanOf(kept)).toBeLessThan(0.8);
    const { tokens } = await model.look(all, clips);
    const inOne = await model.group(0).logits(all, tokens, kept);
    const inTwo = await model.group(1).logits(all, second.tokens, kept);
    expect(largestDifference(inTwo, inOne)).toBeLessThan(1e-5);
  });

  it('never score again what the first has dropped, nor look at it', async () => {
    const { model, start } = twoGroups(attention, 2);
    const all = [start.backbone, start.interpreter];
    const { clips } = await brightPatches(BATCH).batch(0);
    const { tokens, scores, before } = await model.group(1).look(all, clips);
    const dropped = (i: number) => before[0]![i] === 0;
    for (const [i, score] of scores.entries()) expect(score === 0).toBe(dropped(i));
    const policy = someOf(3, 0.5).map((kept, i) => kept * before[0]![i]!);
    const { dim } = model.architecture;
    const changed = (tokens.data as Float32Array).map((value, i) => {
      const [row, token] = [Math.floor(i / dim / (1 + TOKENS)), (Math.floor(i / dim) % (1 + TOKENS)) - 1];
      return token >= 0 && policy[row * TOKENS + token] === 0 ? value + 3 * Math.sin(i) : value;
    });
    const asTheyAre = await model.group(1).logits(all, tokens, policy);
    expect(await model.group(1).logits(all, { ...tokens, data: changed }, policy)).toEqual(asTheyAre);
    expect(await model.group(1).logits(all, { ...tokens, data: changed }, before[0]!)).not.toEqual(asTheyAre);
  });

  it.each(['reinforce', 'gumbel'] as const)('draw only among the tokens that are left (%s)', async (kind) => {
    const { model, start } = twoGroups(attention, 2);
    const clips = brightPatches(BATCH);
    const batch = await clips.batch(0);
    const task = policyPhase({
      model,
      ...start,
      group: 1,
      clips,
      labels: { kind: 'given' },
      reward: { shape: 'squared', tau: 1 },
      explorationBound: 0.6,
      entropyBonus: 0,
      estimator: kind === 'gumbel' ? { kind, temperature: 1 } : { kind },
    });
    const { figures, gradients } = await task.step(task.initial, batch, RandomStream.seeded(5));
    const { scores, before } = await model.group(1).look([start.backbone, start.interpreter], batch.clips);
    const left = meanOf(before[0]!);
    // Bounded by 0.6, a token that is left is drawn with a probability of 0.4 to 0.6: 512 draws, five deviations.
    expect(figures.drawnKeepRatio).toBeGreaterThan(0.4 * left - 0.11);
    expect(figures.drawnKeepRatio).toBeLessThan(0.6 * left + 0.11);
    expect(figures.drawnKeepRatio).toBeLessThan(left);
    expect(figures.keepRatio).toBeCloseTo(meanOf(greedyPolicy(scores, 0.5)), 6);
    expect([...gradients.keys()]).toEqual(['interpreter.1.qk.weight', 'interpreter.1.qk.bias']);
    for (const gradient of gradients.values()) expect(gradient.some((value) => value !== 0)).toBe(true);
  });

  it('are taught one after the other, each with what comes after it', async () => {
    const { model, start } = twoGroups(attention, 1);
    const after = await taught(model, start, [3, 3, 3]);
    const changed = (phase: number) => {
      const [was, is] = [after[phase - 1]!, after[phase]!];
      const names = (['backbone', 'interpreter'] as const).flatMap((part) =>
        [...is[part].tensors].flatMap(([name, values]) =>
          values.some((value, i) => value !== was[part].get(name)[i]) ? [name] : [],
        ),
      );
      return [...new Set(names.map((name) => /^(blocks|interpreter)\.\d+|^\w+/.exec(name)![0]))];
    };
    expect(changed(1)).toEqual(['interpreter.0']);
    expect(changed(2)).toEqual(['blocks.0', 'blocks.1', 'norm', 'head']);
    expect(changed(3)).toEqual(['interpreter.1']);
    expect(changed(4)).toEqual(['blocks.1', 'norm', 'head']);
  });

  it('may all be tuned with the embeddings, under the policies of both', async () => {
    const { model, start } = twoGroups(attention, 2);
    const clips = brightPatches(BATCH);
    const batch = await clips.batch(0);
    const options = { model, ...start, group: 1, clips, labels: { kind: 'given' }, labelSmoothing: 0 } as const;
    const step = (trained: 'all' | 'blocks') => {
      const task = fineTunePhase({ ...options, tokens: 'interpreter', trained });
      return task.step(task.initial, batch, RandomStream.seeded(1));
    };
    const [all, blocks] = [await step('all'), await step('blocks')];
    expect(all.gradients.get('patch_embed.proj.weight')!.some((value) => value !== 0)).toBe(true);
    expect(all.loss).toBeCloseTo(blocks.loss, 5);
    expect(all.figures).toEqual(blocks.figures);
    for (const [name, gradient] of blocks.gradients) {
      expect(largestDifference(all.gradients.get(name)!, gradient), name).toBeLessThan(1e-5);
    }
  });
});

/** The parts after each phase: the whole model, then both phases of the first group and of the second. */
async function taught(
  model: SelectingModel,
  start: ModelParts,
  [full, policy, tuning]: readonly [number, number, number],
) {
  const phases = curriculum(2, {
    policy: {
      reward: { shape: 'squared', tau: 1 },
      explorationBound: null,
      entropyBonus: 0,
      training: adam(policy, 1e-2),
    },
    fineTune: { trained: 'blocks', labelSmoothing: 0, training: adam(tuning, 1e-3) },
  });
  const whole = { kind: 'fine-tune', tokens: 'everything', trained: 'all', labelSmoothing: 0 } as const;
  const options: PhasesOptions = {
    model,
    start,
    clips: brightPatches(BATCH),
    labels: { kind: 'given' },
    phases: [{ ...whole, training: adam(full, 3e-3) }, ...phases],
  };
  const after: ModelParts[] = [];
  for await (const event of trainPhases(options)) if (event.kind === 'phase-done') after.push(event.parts);
  return after;
}

describe('a model in groups', () => {
  it('learns to look at the one patch that matters, and then at less and less', async () => {
    const { model, start } = twoGroups('joint_space_time', 1);
    const { backbone, interpreter } = (await taught(model, start, [100, 100, 20])).at(-1)!;
    const unseen = brightPatches(BATCH, 1_000_000);
    const figures = await validate(model, { backbone, interpreter }, unseen, 4);
    expect(figures.fullAccuracy).toBeGreaterThan(0.95);
    expect(figures.accuracy).toBeGreaterThan(0.95);
    expect(figures.keepRatio).toBeLessThan(0.2);
    const ratios: number[] = [];
    for (const index of [0, 1, 2, 3]) {
      const { scores, before } = await model.group(1).look([backbone, interpreter], (await unseen.batch(index)).clips);
      const [first, second] = [before[0]!, greedyPolicy(scores, 0.5)];
      const deciding = unseen.numbersOf(index).map((number, i) => first[i * TOKENS + decidingToken(number)]!);
      expect(meanOf(deciding)).toBeGreaterThan(0.9);
      expect(meanOf(second)).toBeLessThan(meanOf(first));
      ratios.push((meanOf(first) + meanOf(second)) / 2);
    }
    expect(figures.keepRatio).toBeCloseTo(meanOf(ratios), 6);
  });

  it('has no group beyond its last', () => {
    expect(() => twoGroups('joint_space_time', 1).model.group(2)).toThrow(RangeError);
  });
});
