import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Selection, TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { bodyRegions } from '#native-models/motions/body/figure.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { type BackboneRecipe, backbonePhase } from '#native-models/training/backbone-phase.ts';
import { type DrawnBatch, DrawnBatchPainter } from '#native-models/training/drawn-batch.ts';
import { initialParameters } from '#native-models/training/initial-parameters.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import { withoutReadOuts } from '#native-models/training/region-read-outs.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type TrainingStep, train } from '#native-models/training/train-loop.ts';
import { adam } from '../../../fixtures/training/settings.ts';

const BATCH = 8;
const SELECTION: Selection = { heads: 2, threshold: 0.5, groups: [{ firstBlock: 0, blocks: 2 }] };
const SMALL: TimesformerConfig = {
  kind: 'timesformer',
  attention: 'joint_space_time',
  numFrames: 4,
  imageSize: 32,
  patchSize: 8,
  dim: 32,
  depth: 2,
  heads: 2,
  mlpDim: 64,
  classes: 18,
  layerNormEps: 1e-6,
};

/** Always the same clips. */
const painter = new DrawnBatchPainter({
  data: 'motions',
  split: 'train',
  samples: BATCH,
  batchSize: BATCH,
  frames: 4,
  size: 32,
  patchSize: 8,
  preprocessing: { mean: [0.45, 0.45, 0.45], std: [0.225, 0.225, 0.225] },
  seed: 1,
});
const repeated: DrawnBatch = painter.batch(0);
const clips = { identity: { data: 'eight clips' }, regionCount: bodyRegions.length, batch: () => repeated };

let runtime: InferenceRuntime;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 2 });
});
afterAll(() => runtime[Symbol.asyncDispose]());

const PLAIN: BackboneRecipe = {
  labelSmoothing: 0,
  regionWeight: 10,
  earlyRegionWeight: 3,
  tokenClassWeight: 0.5,
  seenTokens: null,
  figureOdds: 1,
};

function phase(attention: TimesformerConfig['attention'], recipe: Partial<BackboneRecipe> = {}) {
  const config = { ...SMALL, attention };
  const model = new SelectingModel({ runtime, config, selection: SELECTION, batchSize: BATCH });
  const backbone = initialParameters(config, null, 1);
  return { backbone, task: backbonePhase({ model, backbone, clips, ...PLAIN, ...recipe }) };
}

async function learn(task: ReturnType<typeof phase>['task'], steps: number) {
  const told: TrainingStep[] = [];
  for await (const event of train(task, adam(steps, 3e-3))) {
    if (event.kind === 'step') told.push(event);
    if (event.kind === 'done') return { first: told[0]!, last: told.at(-1)!, parameters: event.parameters };
  }
  throw new Error('The run did not end.');
}

describe('the backbone phase', () => {
  it.each(['joint_space_time', 'divided_space_time'] as const)(
    'learns the classes of eight clips: %s',
    async (attention) => {
      const { task } = phase(attention);
      const { first, last } = await learn(task, 120);
      // Nothing is known at first: every class is as likely as any other.
      expect(first.figures.classLoss).toBeCloseTo(Math.log(18), 4);
      expect(last.figures.accuracy).toBe(1);
      expect(last.figures.classLoss).toBeLessThan(0.1);
      expect(first.figures.tokenClassLoss).toBeCloseTo(Math.log(18), 4);
      for (const name of ['regionLoss', 'earlyRegionLoss', 'tokenClassLoss']) {
        expect(last.figures[name], name).toBeLessThan(0.8 * first.figures[name]!);
      }
    },
  );

  it('learns them from a quarter of the tokens, other ones at every step', async () => {
    const { task } = phase('joint_space_time', { seenTokens: 16, figureOdds: 20 });
    const { last } = await learn(task, 160);
    expect(last.running.accuracy).toBeGreaterThan(0.9);
  });

  it('adds the losses of regions and tokens to that of the classes, with their weights', async () => {
    const { task } = phase('joint_space_time', { regionWeight: 2, earlyRegionWeight: 0.3, tokenClassWeight: 0.7 });
    const { loss, figures } = await task.step(task.initial, repeated, RandomStream.seeded(1));
    const { classLoss, regionLoss, earlyRegionLoss, tokenClassLoss } = figures as Record<string, number>;
    expect(loss).toBeCloseTo(classLoss! + 2 * regionLoss! + 0.3 * earlyRegionLoss! + 0.7 * tokenClassLoss!, 5);
  });

  it('shows all tokens as the whole model sees them when as many are drawn as there are', async () => {
    const [whole, drawn] = [phase('joint_space_time').task, phase('joint_space_time', { seenTokens: 64 }).task];
    const parameters = whole.initial.copy();
    parameters.get('head.weight').forEach((_, i, head) => {
      head[i] = Math.sin(i);
    });
    const [a, b] = await Promise.all(
      [whole, drawn].map((task) => task.step(parameters, repeated, RandomStream.seeded(1))),
    );
    for (const [name, value] of Object.entries(a!.figures)) expect(b!.figures[name], name).toBeCloseTo(value, 5);
    for (const [name, gradient] of a!.gradients) {
      const other = b!.gradients.get(name)!;
      const scale = Math.max(1e-3, largest(a!.gradients, name));
      expect(Math.max(...gradient.map((value, i) => Math.abs(value - other[i]!))) / scale, name).toBeLessThan(1e-3);
    }
  });

  it('lets what each token is asked reach every block', async () => {
    // With a head of zeros the classes say nothing to what comes before it: this is the regions alone.
    const { task } = phase('joint_space_time', { earlyRegionWeight: 0 });
    const parameters = task.initial.copy();
    parameters.get('regions.late.weight').fill(0.1);
    const { gradients } = await task.step(parameters, repeated, RandomStream.seeded(1));
    for (const name of ['patch_embed.proj.weight', 'time_embed', 'norm.weight'])
      expect(largest(gradients, name), name).toBeGreaterThan(0);
    for (const block of ['blocks.0', 'blocks.1']) {
      for (const part of ['norm1', 'attn.qkv', 'attn.proj', 'norm2', 'mlp.fc1', 'mlp.fc2']) {
        expect(largest(gradients, `${block}.${part}.weight`), `${block}.${part}`).toBeGreaterThan(0);
      }
    }
    const without = phase('joint_space_time', { regionWeight: 0, earlyRegionWeight: 0 }).task;
    const { gradients: ofClasses } = await without.step(parameters, repeated, RandomStream.seeded(1));
    expect(largest(ofClasses, 'blocks.0.attn.qkv.weight')).toBe(0);
    expect(largest(ofClasses, 'head.weight')).toBeGreaterThan(0);
  });

  it('asks for the regions before the first block as well, and changes nothing behind it by that', async () => {
    const { task } = phase('joint_space_time', { regionWeight: 0 });
    const parameters = task.initial.copy();
    parameters.get('regions.early.weight').fill(0.1);
    const { gradients } = await task.step(parameters, repeated, RandomStream.seeded(1));
    expect(largest(gradients, 'patch_embed.proj.weight')).toBeGreaterThan(0);
    expect(largest(gradients, 'blocks.0.attn.qkv.weight')).toBe(0);
  });

  it('leaves the read-outs out of the model, and goes on with those that are there', async () => {
    const { task, backbone } = phase('joint_space_time');
    expect([...withoutReadOuts(task.initial).shapes]).toEqual([...backbone.shapes]);
    expect(withoutReadOuts(task.initial).numbers).toEqual(backbone.numbers);
    const { parameters } = await learn(task, 3);
    const model = new SelectingModel({ runtime, config: SMALL, selection: SELECTION, batchSize: BATCH });
    expect(backbonePhase({ model, backbone: parameters, clips, ...PLAIN }).initial.numbers).toEqual(parameters.numbers);
  });

  it('cannot show a part of the tokens to divided attention', () => {
    expect(() => phase('divided_space_time', { seenTokens: 16 })).toThrow(RangeError);
  });
});

function largest(gradients: ReadonlyMap<string, Float32Array>, name: string): number {
  return gradients.get(name)!.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
